// As much of Renode's interface as platforms/models/*.cs use, with a clock and a memory that a test can drive.
// Signatures as in the public sources of 1.16; with the word IMachine replaced by Machine as in 1.14. Written for these tests.
using System;
using System.Collections.Generic;
using Antmicro.Renode.Core;
using Antmicro.Renode.Logging;

namespace Antmicro.Renode.Core
{
    public interface IEmulationElement { }
    public interface IGPIO { bool IsSet { get; } void Set(bool value); }
    public interface IGPIOReceiver : Peripherals.IPeripheral { void OnGPIO(int number, bool value); }
    public interface INumberedGPIOOutput : Peripherals.IPeripheral { IReadOnlyDictionary<int, IGPIO> Connections { get; } }

    public class GPIO : IGPIO
    {
        public bool IsSet { get; private set; }
        public Action<bool> Connected;
        public void Set(bool value)
        {
            if(IsSet == value) return;
            IsSet = value;
            if(Connected != null) Connected(value);
        }
    }

    public class IMachine
    {
        public Time.IClockSource ClockSource { get { return null; } }
        public readonly Peripherals.Bus.FakeBus SystemBus = new Peripherals.Bus.FakeBus();
    }
}

namespace Antmicro.Renode.Core.Structure
{
    public abstract class SimpleContainer<T> : Peripherals.IPeripheral where T : Peripherals.IPeripheral
    {
        protected SimpleContainer(IMachine machine) { this.machine = machine; }
        public abstract void Reset();
        public void Register(T child, int address) { ChildCollection.Add(address, child); }
        protected bool TryGetByAddress(int address, out T peripheral) { return ChildCollection.TryGetValue(address, out peripheral); }
        protected Dictionary<int, T> ChildCollection = new Dictionary<int, T>();
        protected readonly IMachine machine;
    }
}

namespace Antmicro.Renode.Exceptions
{
    public class ConstructionException : Exception { public ConstructionException(string message) : base(message) { } }
}

namespace Antmicro.Renode.Logging
{
    public enum LogLevel { Noisy, Debug, Info, Warning, Error }
    public static class Logger
    {
        public static readonly List<string> Lines = new List<string>();
        public static void Log(this IEmulationElement element, LogLevel level, string text, params object[] values)
        {
            Lines.Add(level + " " + string.Format(text, values));
        }
    }
}

namespace Antmicro.Renode.Time
{
    public interface IClockSource { }
    public enum Direction { Ascending, Descending }
    public enum WorkMode { OneShot, Periodic }
}

namespace Antmicro.Renode.Peripherals
{
    public interface IPeripheral : IEmulationElement { void Reset(); }
}

namespace Antmicro.Renode.Peripherals.Memory
{
    public class MappedMemory { public long Size { get { return 0x100000; } } }
}

namespace Antmicro.Renode.Peripherals.Miscellaneous
{
    public interface INRFEventProvider : IPeripheral { event Action<uint> EventTriggered; }
}

namespace Antmicro.Renode.Peripherals.I2C
{
    public interface II2CPeripheral : IPeripheral { void Write(byte[] data); byte[] Read(int count = 1); void FinishTransmission(); }
}

namespace Antmicro.Renode.Peripherals.UART
{
    public enum Bits { None, One }
    public enum Parity { Odd, Even, None }
    public interface IUART : IPeripheral
    {
        void WriteChar(byte value);
        event Action<byte> CharReceived;
        uint BaudRate { get; }
        Bits StopBits { get; }
        Parity ParityBit { get; }
    }
}

namespace Antmicro.Renode.Peripherals.Timers
{
    using Antmicro.Renode.Time;

    public class LimitTimer : IPeripheral
    {
        public LimitTimer(IClockSource clockSource, long frequency, IPeripheral owner, string localName, ulong limit = ulong.MaxValue,
            Direction direction = Direction.Descending, bool enabled = false, WorkMode workMode = WorkMode.Periodic,
            bool eventEnabled = false, bool autoUpdate = false, int divider = 1)
        {
            Limit = initialLimit = limit;
            isOneShot = workMode == WorkMode.OneShot;
            clocksPerTick = 32000000 / frequency;
            All.Add(this);
        }
        public void Reset() { Enabled = false; }
        public bool Enabled { get; set; }
        public ulong Limit { get; set; }
        public ulong Value
        {
            get { return value; }
            set
            {
                if(value > initialLimit) throw new ArgumentException("Value cannot be larger than limit");
                this.value = value;
            }
        }
        public event Action LimitReached;

        // Clocks of 32 MHz.
        public static void Advance(long clocks)
        {
            for(var clock = 0L; clock < clocks; clock++)
                foreach(var timer in All) if(timer.Enabled && clock % timer.clocksPerTick == 0) timer.Tick();
        }

        private void Tick()
        {
            if(++value < Limit) return;
            value = 0;
            Enabled = !isOneShot;
            if(LimitReached != null) LimitReached();
        }

        private static readonly List<LimitTimer> All = new List<LimitTimer>();
        private readonly ulong initialLimit;
        private readonly bool isOneShot;
        private readonly long clocksPerTick;
        private ulong value;
    }
}

namespace Antmicro.Renode.Peripherals.Bus
{
    public interface IBusPeripheral : IPeripheral { }
    public interface IKnownSize : IBusPeripheral { long Size { get; } }
    public interface IDoubleWordPeripheral : IBusPeripheral { uint ReadDoubleWord(long offset); void WriteDoubleWord(long offset, uint value); }
    public interface IWordPeripheral : IBusPeripheral { ushort ReadWord(long offset); void WriteWord(long offset, ushort value); }
    public interface IBytePeripheral : IBusPeripheral { byte ReadByte(long offset); void WriteByte(long offset, byte value); }

    // RAM everywhere, but for one device at `DeviceAt`.
    public class FakeBus
    {
        public readonly Dictionary<ulong, byte> Ram = new Dictionary<ulong, byte>();
        public IBytePeripheral Device;
        public ulong DeviceAt = ulong.MaxValue;

        public byte[] ReadBytes(ulong address, int count, bool onlyMemory = false, IPeripheral context = null)
        {
            var bytes = new byte[count];
            for(var index = 0; index < count; index++) Ram.TryGetValue(address + (ulong)index, out bytes[index]);
            return bytes;
        }
        public void WriteBytes(byte[] bytes, ulong address, bool onlyMemory = false, IPeripheral context = null)
        {
            for(var index = 0; index < bytes.Length; index++) Ram[address + (ulong)index] = bytes[index];
        }
        public byte ReadByte(ulong address, IPeripheral context = null, ulong? cpuState = null)
        {
            return address >= DeviceAt && address < DeviceAt + 0x400 ? Device.ReadByte((long)(address - DeviceAt)) : ReadBytes(address, 1)[0];
        }
        public void WriteByte(ulong address, byte value, IPeripheral context = null, ulong? cpuState = null)
        {
            if(address >= DeviceAt && address < DeviceAt + 0x400) Device.WriteByte((long)(address - DeviceAt), value);
            else WriteBytes(new[] { value }, address);
        }
        public ushort ReadWord(ulong address, IPeripheral context = null, ulong? cpuState = null) { return BitConverter.ToUInt16(ReadBytes(address, 2), 0); }
        public void WriteWord(ulong address, ushort value, IPeripheral context = null, ulong? cpuState = null) { WriteBytes(BitConverter.GetBytes(value), address); }
        public uint ReadDoubleWord(ulong address, IPeripheral context = null, ulong? cpuState = null) { return BitConverter.ToUInt32(ReadBytes(address, 4), 0); }
        public void WriteDoubleWord(ulong address, uint value, IPeripheral context = null, ulong? cpuState = null) { WriteBytes(BitConverter.GetBytes(value), address); }
    }
}
