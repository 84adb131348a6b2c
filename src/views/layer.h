/* What the map is made of, one table row a layer, drawn in this order. A row gives the switch in the
 * map's header, its tooltip, the name scripts and keys use, and the picture. */
#ifndef VIEWS_LAYER_H
#define VIEWS_LAYER_H

#include "views/view.h"

typedef struct ViewMap ViewMap;

typedef struct ViewLayer {
    const char *name;  /* of the switch and of the action behind it: never renamed */
    const char *title; /* on the switch */
    const char *help;  /* one sentence, for the tooltip */
    size_t shown;      /* offset of the bool in ViewChoice */
    bool flat;         /* only where the latent space is a plane */
    void (*draw)(ViewMap *map, View *view);
} ViewLayer;

/* Every layer, lowest first; *count rows. Owns: nothing to free.  Thread: any. */
const ViewLayer *view_layer_kinds(size_t *count);

/* Whether a layer is shown, to be read and changed.  Thread: UI. */
bool *view_layer_shown(const ViewLayer *layer, ViewChoice *choice);

#endif
