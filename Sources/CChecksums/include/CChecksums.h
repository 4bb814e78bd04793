#ifndef CCHECKSUMS_H
#define CCHECKSUMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Whether this processor has an instruction for CRC32C.
bool ccs_has_crc32c(void);

/// Advances the register of CRC32C (reflected, not inverted at either end) over some bytes with the processor's own
/// instruction. Only where `ccs_has_crc32c` holds.
uint32_t ccs_crc32c(uint32_t state, const uint8_t *bytes, size_t count);

#endif
