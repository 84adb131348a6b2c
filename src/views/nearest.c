#include "views/nearest.h"

#include <math.h>

enum {
    MOST = 32
};

int view_nearest_find(const float *codes, int count, int latent, const float *z, int k, int *out)
{
    float best[MOST];
    int found = 0;
    k = k > MOST ? MOST : k;
    for (int i = 0; i < count && k > 0; i++) {
        const float *code = codes + (size_t)i * (size_t)latent;
        float distance = 0;
        for (int j = 0; j < latent; j++) {
            const float d = code[j] - z[j];
            distance += d * d;
        }
        if (!isfinite(distance) || (found == k && distance >= best[k - 1])) {
            continue;
        }
        int at = found < k ? found++ : k - 1;
        for (; at > 0 && best[at - 1] > distance; at--) {
            best[at] = best[at - 1];
            out[at] = out[at - 1];
        }
        best[at] = distance;
        out[at] = i;
    }
    return found;
}
