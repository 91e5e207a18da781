// USART of the STM32F4 with DMA requests in both directions and the idle line (RM0090, USART chapter).
// Why: Renode's STM32_UART has no request for transmission (DMAT), so a driver that sends by DMA waits for ever.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// A byte that comes early waits: there is no overrun, and the line is idle when none waits. BaudRate is frequency / BRR.
// Not modelled: time of a frame, parity, break, LIN, IrDA, smartcard, half duplex, flow control, errors of the line.
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.UART
{
    public class STM32F4_USART : IUART, IDoubleWordPeripheral, IWordPeripheral, IBytePeripheral, IKnownSize
    {
        public STM32F4_USART(IMachine machine, uint frequency = 16000000)
        {
            this.frequency = frequency;
            IRQ = new GPIO();
            DmaReceive = new GPIO();
            DmaTransmit = new GPIO();
            Reset();
        }

        public void Reset()
        {
            storage.Clear();
            waiting.Clear();
            complete = true;
            idle = false;
            idleSeen = false;
            Update();
        }

        public void WriteChar(byte value)
        {
            if(!IsOn(Registers.CR1, UsartEnable | ReceiverEnable))
            {
                this.Log(LogLevel.Warning, "0x{0:X} comes while the receiver is off and is lost", value);
                return;
            }
            waiting.Enqueue(value);
            Update();
        }

        public uint ReadDoubleWord(long offset)
        {
            switch((Registers)offset)
            {
            case Registers.SR:
                idleSeen = idle;
                return Status;
            case Registers.DR:
                return Receive();
            }
            CheckKnown(offset);
            return Get((Registers)offset);
        }

        public void WriteDoubleWord(long offset, uint value)
        {
            switch((Registers)offset)
            {
            case Registers.SR:
                complete &= (value & TransmissionComplete) != 0;
                break;
            case Registers.DR:
                Transmit((byte)value);
                break;
            default:
                CheckKnown(offset);
                storage[offset] = value;
                break;
            }
            Update();
        }

        public ushort ReadWord(long offset) { return (ushort)ReadDoubleWord(offset); }

        public void WriteWord(long offset, ushort value) { WriteDoubleWord(offset, value); }

        public byte ReadByte(long offset) { return (byte)ReadDoubleWord(offset); }

        public void WriteByte(long offset, byte value) { WriteDoubleWord(offset, value); }

        public uint BaudRate { get { return Get(Registers.BRR) == 0 ? 0 : frequency / Get(Registers.BRR); } }

        public Bits StopBits { get { return Bits.One; } }

        public Parity ParityBit { get { return Parity.None; } }

        public GPIO IRQ { get; private set; }

        public GPIO DmaReceive { get; private set; }

        public GPIO DmaTransmit { get; private set; }

        public long Size { get { return 0x400; } }

        public event Action<byte> CharReceived;

        private uint Status
        {
            get
            {
                return TransmitEmpty | (complete ? TransmissionComplete : 0) | (waiting.Count > 0 ? ReceiveNotEmpty : 0)
                    | (idle ? IdleLine : 0);
            }
        }

        private void Transmit(byte value)
        {
            if(!IsOn(Registers.CR1, UsartEnable | TransmitterEnable))
            {
                this.Log(LogLevel.Warning, "0x{0:X} is sent while the transmitter is off and is lost", value);
                return;
            }
            complete = true;
            var listeners = CharReceived;
            if(listeners != null)
            {
                listeners(value);
            }
        }

        private byte Receive()
        {
            if(idleSeen)
            {
                idle = false;
                idleSeen = false;
            }
            var value = (byte)0;
            if(waiting.Count > 0)
            {
                value = waiting.Dequeue();
                idle |= waiting.Count == 0;
                DmaReceive.Set(false);          // one request per byte
            }
            Update();
            return value;
        }

        private void Update()
        {
            var enabled = Get(Registers.CR1) & (ReceiveNotEmpty | TransmissionComplete | TransmitEmpty | IdleLine);
            IRQ.Set((Status & enabled) != 0);
            DmaReceive.Set(waiting.Count > 0 && IsOn(Registers.CR3, DmaReceiver));
            DmaTransmit.Set(IsOn(Registers.CR3, DmaTransmitter) && IsOn(Registers.CR1, UsartEnable | TransmitterEnable));
        }

        private bool IsOn(Registers which, uint bits)
        {
            return (Get(which) & bits) == bits;
        }

        private uint Get(Registers which)
        {
            uint value;
            return storage.TryGetValue((long)which, out value) ? value : 0;
        }

        private void CheckKnown(long offset)
        {
            if(!Enum.IsDefined(typeof(Registers), offset))
            {
                this.Log(LogLevel.Warning, "there is no register at 0x{0:X}", offset);
            }
        }

        private readonly uint frequency;
        private readonly Dictionary<long, uint> storage = new Dictionary<long, uint>();
        private readonly Queue<byte> waiting = new Queue<byte>();
        private bool complete;
        private bool idle;
        private bool idleSeen;

        // In SR, and the bits of CR1 that let them interrupt.
        private const uint IdleLine = 1 << 4;
        private const uint ReceiveNotEmpty = 1 << 5;
        private const uint TransmissionComplete = 1 << 6;
        private const uint TransmitEmpty = 1 << 7;
        private const uint ReceiverEnable = 1 << 2;
        private const uint TransmitterEnable = 1 << 3;
        private const uint UsartEnable = 1 << 13;
        private const uint DmaReceiver = 1 << 6;
        private const uint DmaTransmitter = 1 << 7;

        private enum Registers : long
        {
            SR = 0x00,
            DR = 0x04,
            BRR = 0x08,
            CR1 = 0x0C,
            CR2 = 0x10,
            CR3 = 0x14,
            GTPR = 0x18,
        }
    }
}
