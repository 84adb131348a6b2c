/* What a folder holds, as the file browser shows it: folders before files, each in the order of their
 * names, hidden ones left out. */
#ifndef UI_LISTING_H
#define UI_LISTING_H

#include <stddef.h>

#include "latentscape/core/error.h"

enum {
    UI_LISTING_MAX = 20000 /* names; what a folder holds beyond them is not shown */
};

typedef struct UiListed {
    const char *name;
    bool folder;
} UiListed;

typedef struct UiListing {
    char folder[4096];
    UiListed *items; /* [count] */
    int count;
    char *names;     /* what the items' names point into */
    char error[512]; /* why it could not be read; "" */
} UiListing;

/* Reads a folder. Owns: the caller, ui_listing_destroy(). Never fails but for want of memory (NULL): a
 * folder that cannot be read has an error and no items.  Thread: UI. */
UiListing *ui_listing_create(const char *folder);
void ui_listing_destroy(UiListing *listing);

/* The index of a name, or -1.  Thread: UI. */
int ui_listing_find(const UiListing *listing, const char *name);

#endif
