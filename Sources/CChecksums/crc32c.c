#include "CChecksums.h"

#include <string.h>

#if defined(__x86_64__)

#include <immintrin.h>

bool ccs_has_crc32c(void) { return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("pclmul"); }

/// Bytes of one of the three stretches that are checked side by side.
enum { stretch = 2048 };

/// The register of some bytes after as many zeros as the factor stands for.
///
/// The factor is x^(8n - 33) modulo the polynomial, reflected, for n zeros: the product of two reflected numbers is one
/// power short of its place, and the instruction multiplies by x^32 while it reduces (Gopal et al., "Fast CRC
/// Computation for iSCSI Polynomial Using CRC32 Instruction", Intel, 2011).
__attribute__((target("sse4.2,pclmul"))) static uint64_t behind(uint64_t state, uint32_t factor) {
    __m128i product = _mm_clmulepi64_si128(_mm_cvtsi64_si128((int64_t)state), _mm_cvtsi32_si128((int32_t)factor), 0);
    return _mm_crc32_u64(0, (uint64_t)_mm_cvtsi128_si64(product));
}

static uint64_t word(const uint8_t *bytes) {
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

__attribute__((target("sse4.2,pclmul"))) uint32_t ccs_crc32c(uint32_t state, const uint8_t *bytes, size_t count) {
    uint64_t first = state;
    // The instruction takes one word per cycle and gives its result three cycles later.
    for (; count >= 3 * stretch; bytes += 3 * stretch, count -= 3 * stretch) {
        uint64_t second = 0, third = 0;
        for (size_t at = 0; at < stretch; at += 8) {
            first = _mm_crc32_u64(first, word(bytes + at));
            second = _mm_crc32_u64(second, word(bytes + stretch + at));
            third = _mm_crc32_u64(third, word(bytes + 2 * stretch + at));
        }
        first = behind(first, 0x82f89c77) ^ behind(second, 0xa51b6135) ^ third;
    }
    for (; count >= 8; bytes += 8, count -= 8) first = _mm_crc32_u64(first, word(bytes));
    state = (uint32_t)first;
    while (count-- > 0) state = _mm_crc32_u8(state, *bytes++);
    return state;
}

#else

bool ccs_has_crc32c(void) { return false; }

uint32_t ccs_crc32c(uint32_t state, const uint8_t *bytes, size_t count) {
    (void)bytes;
    (void)count;
    return state;
}

#endif
