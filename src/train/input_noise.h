/* The kinds of noise that the encoder's images can have, as a setting's choices. Internal to train. */
#ifndef LATENTSCAPE_SRC_TRAIN_INPUT_NOISE_H
#define LATENTSCAPE_SRC_TRAIN_INPUT_NOISE_H

/* Name and one sentence of kind number index, an LsNoise, or NULL past the last.  Thread: any. */
const char *ls_input_noise_name(int index);
const char *ls_input_noise_help(int index);

#endif
