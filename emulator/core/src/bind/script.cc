#include "bind/script.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

namespace nb = nanobind;
using namespace nb::literals;

namespace tinysim {
namespace {

// One Python call per access, with the GIL, which a run has released. The script's errors come back as texts and a
// refused access; what Python raises all the same must not cross the guest.
class ScriptedDevice final : public Device {
public:
    ScriptedDevice(Machine& machine, std::string name, nb::object script)
        : machine_(machine), name_(std::move(name)), script_(std::move(script)) {}

    uint32_t read(uint32_t offset, unsigned bytes) override { return access("READ", offset, 0, bytes); }
    void write(uint32_t offset, uint32_t value, unsigned bytes) override { access("WRITE", offset, value, bytes); }

    void reset() override {
        nb::gil_scoped_acquire held;
        script_.attr("reset")();
    }

    void state(Archive& archive) override {
        Device::state(archive);
        nb::gil_scoped_acquire held;
        std::string content;
        if (!archive.is_reading()) {
            const auto saved = nb::cast<nb::bytes>(script_.attr("save")());
            content.assign(static_cast<const char*>(saved.data()), saved.size());
        }
        archive(content);
        if (archive.is_reading() && !nb::cast<bool>(script_.attr("restore")(nb::bytes(content.data(), content.size()))))
            throw ArchiveMismatch("the variables of the script of '" + name_ + "' are damaged");
    }

private:
    using Answer = std::pair<std::optional<uint32_t>, std::vector<std::string>>;    // none: refused; complaints

    uint32_t access(const char* kind, uint32_t offset, uint32_t value, unsigned bytes) {
        nb::gil_scoped_acquire held;
        try {
            const auto [answer, complaints] = nb::cast<Answer>(script_.attr("access")(kind, offset, value, bytes));
            for (const std::string& each : complaints) machine_.recorder.warn(each);
            if (answer) return *answer;
        } catch (nb::python_error& error) {
            if (error.matches(PyExc_KeyboardInterrupt)) {       // again, once the run has ended
                machine_.cpu.host_stop = true;
                PyErr_SetInterrupt();
            } else {
                machine_.recorder.warn(name_ + ": " + error.what());
            }
        } catch (const nb::cast_error&) {
            machine_.recorder.warn(name_ + ": the script's answer is no 32-bit number");
        }
        refuse();
        return 0;
    }

    Machine& machine_;
    const std::string name_;
    nb::object script_;
};

}  // namespace

void bind_scripts(nb::class_<Machine>& machine) {
    machine.def("add_scripted_device", [](Machine& m, const std::string& name, const std::vector<uint32_t>& addresses, uint32_t size,
                                          nb::object script) {
        m.add_device(name, std::make_unique<ScriptedDevice>(m, name, std::move(script)), addresses, size);
    }, "name"_a, "addresses"_a, "size"_a, "script"_a);
}

}  // namespace tinysim
