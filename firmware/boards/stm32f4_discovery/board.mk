# The STM32F4DISCOVERY's firmware: `tap`, `tap_slow`, `hello` and the fixtures of fixtures/stm32. Uses the Makefile's CFLAGS and LDFLAGS.
F4_OUT := $(BUILD)/stm32f4_discovery
F4_BASE := $(sort $(wildcard chips/stm32f407/*.c boards/stm32f4_discovery/*.c lib/*.c))
F4_FIXTURES := $(sort $(basename $(notdir $(wildcard fixtures/stm32/*.c))))
F4_ELFS := tap tap_slow hello $(F4_FIXTURES)
F4_PARTS_stm32_i2c := $(sort $(wildcard fixtures/stm32/i2c/*.c))
f4_objects = $(addprefix $(F4_OUT)/o/,$(1:.c=.o))

$(F4_OUT)/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -DNN_DSP -c -o $@ $<

# As SLOW_LOOPS of the Makefile: 300 ms of extra work per window at 168 MHz.
F4_SLOW_LOOPS := 16800000
$(F4_OUT)/o/slow/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -DNN_DSP -DTAP_EXTRA_WORK_LOOPS=$(F4_SLOW_LOOPS) -c -o $@ $<

# $(call f4_program,name,sources)
define f4_program
$(F4_OUT)/$(1).elf: $(call f4_objects,$(2)) chips/stm32f407/stm32f407.ld
	@echo "link  $$@"
	@$(CC) $(LDFLAGS) -T chips/stm32f407/stm32f407.ld -o $$@ $$(filter %.o,$$^) -lgcc
-include $(patsubst %.o,%.d,$(call f4_objects,$(2)))
endef
$(eval $(call f4_program,tap,$(F4_BASE) $(TAP)))
$(eval $(call f4_program,tap_slow,$(F4_BASE) $(TAP_REST) slow/apps/tap/main.c))
$(eval $(call f4_program,hello,$(F4_BASE) fixtures/hello.c))
$(foreach fixture,$(F4_FIXTURES),$(eval $(call f4_program,$(fixture),$(F4_BASE) fixtures/stm32/$(fixture).c $(F4_PARTS_$(fixture)))))

stm32f4_discovery: $(F4_ELFS:%=$(F4_OUT)/%.elf)
all: stm32f4_discovery
prebuilt: prebuilt_stm32f4_discovery
prebuilt_stm32f4_discovery: stm32f4_discovery
	@mkdir -p prebuilt/stm32f4_discovery
	@cp $(F4_ELFS:%=$(F4_OUT)/%.elf) prebuilt/stm32f4_discovery/
.PHONY: stm32f4_discovery prebuilt_stm32f4_discovery
