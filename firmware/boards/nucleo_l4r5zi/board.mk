# The NUCLEO-L4R5ZI's firmware: `hello` and the fixtures of fixtures/stm32l4. Uses the Makefile's CFLAGS and LDFLAGS.
L4_OUT := $(BUILD)/nucleo_l4r5zi
L4_BASE := $(sort $(wildcard chips/stm32l4r5/*.c boards/nucleo_l4r5zi/*.c lib/*.c))
L4_FIXTURES := $(sort $(basename $(notdir $(wildcard fixtures/stm32l4/*.c))))
L4_ELFS := hello $(L4_FIXTURES)
l4_objects = $(addprefix $(L4_OUT)/o/,$(1:.c=.o))

$(L4_OUT)/o/%.o: %.c Makefile
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -DNN_DSP -c -o $@ $<

# $(call l4_program,name,sources)
define l4_program
$(L4_OUT)/$(1).elf: $(call l4_objects,$(2)) chips/stm32l4r5/stm32l4r5.ld
	@echo "link  $$@"
	@$(CC) $(LDFLAGS) -T chips/stm32l4r5/stm32l4r5.ld -o $$@ $$(filter %.o,$$^) -lgcc
-include $(patsubst %.o,%.d,$(call l4_objects,$(2)))
endef
$(eval $(call l4_program,hello,$(L4_BASE) fixtures/hello.c))
$(foreach fixture,$(L4_FIXTURES),$(eval $(call l4_program,$(fixture),$(L4_BASE) fixtures/stm32l4/$(fixture).c)))

nucleo_l4r5zi: $(L4_ELFS:%=$(L4_OUT)/%.elf)
all: nucleo_l4r5zi
prebuilt: prebuilt_nucleo_l4r5zi
prebuilt_nucleo_l4r5zi: nucleo_l4r5zi
	@mkdir -p prebuilt/nucleo_l4r5zi
	@cp $(L4_ELFS:%=$(L4_OUT)/%.elf) prebuilt/nucleo_l4r5zi/
.PHONY: nucleo_l4r5zi prebuilt_nucleo_l4r5zi
