# The NUCLEO-L4R5ZI's firmware: `tap`, `tap_slow`, `hello` and the fixtures of fixtures/stm32l4. Uses the Makefile's CFLAGS and LDFLAGS.
L4_OUT := $(BUILD)/nucleo_l4r5zi
L4_BASE := $(sort $(wildcard chips/stm32l4r5/*.c boards/nucleo_l4r5zi/*.c lib/*.c))
L4_FIXTURES := $(sort $(basename $(notdir $(wildcard fixtures/stm32l4/*.c))))
L4_PARTS_stm32l4_i2c := $(sort $(wildcard fixtures/stm32l4/i2c/*.c))
L4_PARTS_stm32l4_sai := fixtures/stm32l4/sai/sai.c
L4_PARTS_stm32l4_sai_pdm := fixtures/stm32l4/sai/sai.c
L4_ELFS := tap tap_slow hello $(L4_FIXTURES)
l4_objects = $(addprefix $(L4_OUT)/o/,$(1:.c=.o))

$(L4_OUT)/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -DNN_DSP -c -o $@ $<

# As SLOW_LOOPS of the Makefile: 300 ms of extra work per window at 120 MHz.
L4_SLOW_LOOPS := 12000000
$(L4_OUT)/o/slow/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -DNN_DSP -DTAP_EXTRA_WORK_LOOPS=$(L4_SLOW_LOOPS) -c -o $@ $<

# $(call l4_program,name,sources)
define l4_program
$(L4_OUT)/$(1).elf: $(call l4_objects,$(2)) chips/stm32l4r5/stm32l4r5.ld
	@echo "link  $$@"
	@$(CC) $(LDFLAGS) -T chips/stm32l4r5/stm32l4r5.ld -o $$@ $$(filter %.o,$$^) -lgcc
-include $(patsubst %.o,%.d,$(call l4_objects,$(2)))
endef
$(eval $(call l4_program,tap,$(L4_BASE) $(TAP)))
$(eval $(call l4_program,tap_slow,$(L4_BASE) $(TAP_REST) slow/apps/tap/main.c))
$(eval $(call l4_program,hello,$(L4_BASE) fixtures/hello.c))
$(foreach fixture,$(L4_FIXTURES),$(eval $(call l4_program,$(fixture),$(L4_BASE) fixtures/stm32l4/$(fixture).c $(L4_PARTS_$(fixture)))))

nucleo_l4r5zi: $(L4_ELFS:%=$(L4_OUT)/%.elf)
all: nucleo_l4r5zi
prebuilt: prebuilt_nucleo_l4r5zi
prebuilt_nucleo_l4r5zi: nucleo_l4r5zi
	@mkdir -p prebuilt/nucleo_l4r5zi
	@cp $(L4_ELFS:%=$(L4_OUT)/%.elf) prebuilt/nucleo_l4r5zi/
.PHONY: nucleo_l4r5zi prebuilt_nucleo_l4r5zi
