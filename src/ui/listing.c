#include "ui/listing.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "latentscape/core/memory.h"
#include "latentscape/core/path.h"

static int compare(const void *left, const void *right)
{
    const UiListed *const a = left;
    const UiListed *const b = right;
    if (a->folder != b->folder) {
        return a->folder ? -1 : 1;
    }
    const int order = strcasecmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->name, b->name);
}

static bool is_folder(const char *folder, const struct dirent *entry)
{
    char path[LS_PATH_MAX];
    LsError err;
    struct stat info;
    if (entry->d_type == DT_DIR || entry->d_type == DT_REG) {
        return entry->d_type == DT_DIR;
    }
    return ls_path_join(folder, entry->d_name, path, &err) && stat(path, &info) == 0 &&
           S_ISDIR(info.st_mode);
}

/* Goes through the folder; with items NULL it only counts names and bytes. */
static void walk(UiListing *listing, DIR *dir, size_t *bytes, int most)
{
    listing->count = 0;
    *bytes = 0;
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        const size_t length = strlen(entry->d_name) + 1;
        if (entry->d_name[0] == '.' || listing->count == most) {
            continue;
        }
        if (listing->items != NULL) {
            char *const name = listing->names + *bytes;
            memcpy(name, entry->d_name, length);
            listing->items[listing->count] =
                (UiListed){.name = name, .folder = is_folder(listing->folder, entry)};
        }
        *bytes += length;
        listing->count++;
    }
}

UiListing *ui_listing_create(const char *folder)
{
    LsError err;
    UiListing *const listing = ls_memory_items(1, sizeof(UiListing), &err);
    if (listing == NULL) {
        return NULL;
    }
    const size_t length = strnlen(folder, sizeof(listing->folder) - 1);
    memcpy(listing->folder, folder, length);
    DIR *const dir = opendir(folder);
    if (dir == NULL) {
        ls_fail(&err, LS_ERR_FILE, "The folder cannot be read: %s.", ls_error_describe(errno));
        memcpy(listing->error, err.text, sizeof(listing->error));
        return listing;
    }
    size_t bytes = 0;
    walk(listing, dir, &bytes, UI_LISTING_MAX);
    const int count = listing->count;
    /* The folder may grow between the two walks: the second takes no more than there is room for, and
     * every name is given the longest there can be. */
    listing->items = ls_memory_items((size_t)count + 1, sizeof(UiListed), &err);
    listing->names = ls_memory_items((size_t)count + 1, 256, &err);
    if (listing->items == NULL || listing->names == NULL) {
        closedir(dir);
        ui_listing_destroy(listing);
        return NULL;
    }
    rewinddir(dir);
    walk(listing, dir, &bytes, count);
    closedir(dir);
    qsort(listing->items, (size_t)listing->count, sizeof(UiListed), compare);
    return listing;
}

void ui_listing_destroy(UiListing *listing)
{
    if (listing != NULL) {
        ls_memory_free(listing->items);
        ls_memory_free(listing->names);
        ls_memory_free(listing);
    }
}

int ui_listing_find(const UiListing *listing, const char *name)
{
    for (int i = 0; i < listing->count; i++) {
        if (strcmp(listing->items[i].name, name) == 0) {
            return i;
        }
    }
    return -1;
}
