// I2C (version 1) of the STM32F4 as a master, with DMA requests (RM0090, I2C chapter).
// Why: Renode's STM32F1_I2C has other names for its requests and no model takes those of chips/stm32f4.repl.
// For Renode 1.16 (IMachine) and, with the word IMachine replaced by Machine, 1.14. Not run here: no Renode on this machine.
// A byte is fetched from the target when DR is read, so none is fetched that nobody reads. Behind STOP, RXNE can stay set
// for a byte longer than on the chip.
// Not modelled: slave mode, 10-bit addresses, time on the wire, clock stretching, SMBus, PEC, arbitration.
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Core.Structure;
using Antmicro.Renode.Logging;
using Antmicro.Renode.Peripherals.Bus;

namespace Antmicro.Renode.Peripherals.I2C
{
    public class STM32F4_I2C : SimpleContainer<II2CPeripheral>, IDoubleWordPeripheral, IWordPeripheral, IBytePeripheral, IKnownSize
    {
        public STM32F4_I2C(IMachine machine) : base(machine)
        {
            EventInterrupt = new GPIO();
            ErrorInterrupt = new GPIO();
            DmaReceive = new GPIO();
            DmaTransmit = new GPIO();
            Reset();
        }

        public override void Reset()
        {
            storage.Clear();
            storage[(long)Registers.TRISE] = DefaultRiseTime;
            sent.Clear();
            target = null;
            phase = Phase.Idle;
            acknowledgeFailed = false;
            addressSeen = false;
            allowed = 0;
            Update();
        }

        public uint ReadDoubleWord(long offset)
        {
            switch((Registers)offset)
            {
            case Registers.SR1:
                addressSeen = phase == Phase.Addressed;
                return Status1;
            case Registers.SR2:
                var status = Status2;
                if(addressSeen && phase == Phase.Addressed)
                {
                    BeginData();
                }
                return status;
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
            case Registers.CR1:
                SetControl(value);
                break;
            case Registers.SR1:
                acknowledgeFailed &= (value & AcknowledgeFailure) != 0;
                break;
            case Registers.DR:
                Send((byte)value);
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

        public GPIO EventInterrupt { get; private set; }

        public GPIO ErrorInterrupt { get; private set; }

        public GPIO DmaReceive { get; private set; }

        public GPIO DmaTransmit { get; private set; }

        public long Size { get { return 0x400; } }

        private uint Status1
        {
            get
            {
                var value = acknowledgeFailed ? AcknowledgeFailure : 0;
                switch(phase)
                {
                case Phase.Started: return value | StartBit;
                case Phase.Addressed: return value | AddressSent;
                case Phase.Transmitting: return value | TransmitEmpty | ByteFinished;
                case Phase.Receiving:
                case Phase.Stopping:
                    return value | (allowed > 0 ? ReceiveNotEmpty : 0) | (allowed > 1 ? ByteFinished : 0);
                }
                return value;
            }
        }

        private uint Status2
        {
            get
            {
                var isMaster = phase != Phase.Idle && phase != Phase.Stopping;
                var transmits = phase == Phase.Transmitting || (phase == Phase.Addressed && !reads);
                return isMaster ? 3u | (transmits ? 4u : 0u) : 0u;
            }
        }

        private void SetControl(uint value)
        {
            if((value & SoftwareReset) != 0)
            {
                Reset();
                return;
            }
            var acknowledged = (Get(Registers.CR1) & Acknowledge) != 0;
            storage[(long)Registers.CR1] = value & ~(Start | Stop);
            if(acknowledged && (value & Acknowledge) == 0 && phase == Phase.Receiving)
            {
                allowed = BytesBehindAcknowledge;
            }
            if((value & Stop) != 0)
            {
                RequestStop();
            }
            if((value & Start) != 0)
            {
                Finish();
                phase = Phase.Started;
            }
        }

        private void Send(byte value)
        {
            switch(phase)
            {
            case Phase.Started:
                reads = (value & 1) != 0;
                if(TryGetByAddress(value >> 1, out target))
                {
                    phase = Phase.Addressed;
                    return;
                }
                acknowledgeFailed = true;
                phase = Phase.Refused;
                return;
            case Phase.Transmitting:
                sent.Add(value);
                return;
            }
            this.Log(LogLevel.Warning, "0x{0:X} is written to DR out of turn and is lost", value);
        }

        private void BeginData()
        {
            addressSeen = false;
            phase = reads ? Phase.Receiving : Phase.Transmitting;
            var control = Get(Registers.CR1);
            allowed = (control & Acknowledge) != 0 ? Endless : (control & Position) != 0 ? 2 : 1;
            Update();
        }

        private byte Receive()
        {
            if((phase != Phase.Receiving && phase != Phase.Stopping) || allowed == 0)
            {
                this.Log(LogLevel.Warning, "DR is read with nothing in it");
                return 0;
            }
            var bytes = target.Read(1);
            allowed -= allowed == Endless ? 0 : 1;
            if(allowed == 0 && phase == Phase.Stopping)
            {
                Finish();
            }
            DmaReceive.Set(false);              // one request per byte
            Update();
            return bytes.Length > 0 ? bytes[0] : (byte)0xFF;
        }

        // Bytes of a reception are still to be read from DR; all else ends here.
        private void RequestStop()
        {
            if(phase == Phase.Receiving && allowed > 0)
            {
                allowed = Math.Min(allowed, BytesBehindAcknowledge);
                phase = Phase.Stopping;
                return;
            }
            var ended = target;
            Finish();
            if(ended != null)
            {
                ended.FinishTransmission();
            }
            target = null;
        }

        // The target gets what was sent as one piece; behind a STOP it is told so.
        private void Finish()
        {
            if(target != null && sent.Count > 0)
            {
                target.Write(sent.ToArray());
            }
            sent.Clear();
            if(target != null && phase == Phase.Stopping)
            {
                target.FinishTransmission();
                target = null;
            }
            allowed = 0;
            phase = Phase.Idle;
        }

        private void Update()
        {
            var control = Get(Registers.CR2);
            var events = Status1 & (StartBit | AddressSent | ByteFinished);
            var buffer = Status1 & (TransmitEmpty | ReceiveNotEmpty);
            var bufferInterrupts = (control & BufferInterrupts) != 0 && buffer != 0;
            EventInterrupt.Set((control & EventInterrupts) != 0 && (events != 0 || bufferInterrupts));
            ErrorInterrupt.Set((control & ErrorInterrupts) != 0 && acknowledgeFailed);
            var byDma = (control & DmaEnable) != 0;
            DmaReceive.Set(byDma && (buffer & ReceiveNotEmpty) != 0);
            DmaTransmit.Set(byDma && (buffer & TransmitEmpty) != 0);
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

        private readonly Dictionary<long, uint> storage = new Dictionary<long, uint>();
        private readonly List<byte> sent = new List<byte>();
        private II2CPeripheral target;
        private Phase phase;
        private bool reads;
        private bool acknowledgeFailed;
        private bool addressSeen;
        private int allowed;

        private const int Endless = int.MaxValue;
        private const int BytesBehindAcknowledge = 3;   // in DR, in the shift register, and the one that is not acknowledged
        private const uint DefaultRiseTime = 2;
        private const uint Start = 1 << 8;
        private const uint Stop = 1 << 9;
        private const uint Acknowledge = 1 << 10;
        private const uint Position = 1 << 11;
        private const uint SoftwareReset = 1 << 15;
        private const uint ErrorInterrupts = 1 << 8;
        private const uint EventInterrupts = 1 << 9;
        private const uint BufferInterrupts = 1 << 10;
        private const uint DmaEnable = 1 << 11;
        private const uint StartBit = 1 << 0;
        private const uint AddressSent = 1 << 1;
        private const uint ByteFinished = 1 << 2;
        private const uint ReceiveNotEmpty = 1 << 6;
        private const uint TransmitEmpty = 1 << 7;
        private const uint AcknowledgeFailure = 1 << 10;

        private enum Phase
        {
            Idle,
            Started,
            Addressed,
            Transmitting,
            Receiving,
            Stopping,
            Refused,
        }

        private enum Registers : long
        {
            CR1 = 0x00,
            CR2 = 0x04,
            OAR1 = 0x08,
            OAR2 = 0x0C,
            DR = 0x10,
            SR1 = 0x14,
            SR2 = 0x18,
            CCR = 0x1C,
            TRISE = 0x20,
            FLTR = 0x24,
        }
    }
}
