/* Functions compiled once per instruction set. Internal to core, nn, vae and data. */
#ifndef LATENTSCAPE_SRC_CORE_KERNEL_H
#define LATENTSCAPE_SRC_CORE_KERNEL_H

/* Compiles a function once per instruction set and picks one when the program is loaded. Each level
 * brings FMA along; naming single features ("avx2,fma") would make a clone for each of them. Not with
 * the thread sanitizer: it instruments the picking too, which runs before the sanitizer is loaded. */
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__AVX512F__) && \
    !defined(__SANITIZE_THREAD__)
#    define LS_KERNEL __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#    define LS_KERNEL
#endif

#endif
