#include "latentscape/measure/posterior.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "latentscape/core/memory.h"
#include "latentscape/measure/exact.h"
#include "latentscape/vae/coder.h"

#include "measure/likelihood.h"

enum {
    ROWS = 64,
    COARSE = 48, /* cells across the plane */
    POINTS = LS_LIKELIHOOD_NODES * LS_LIKELIHOOD_NODES,
};

static const double half = 4;  /* of the plane looked at, wider where the code lies beyond */
static const double deep = 14; /* nats below the best coarse cell that still count */
static const double finest = 1.0 / 96; /* side of a cell: a third of a narrow posterior */
static const double cells_wanted = 4400;

/* What fraction of a Gaussian in the plane lies within one and two deviations. */
static const double inside[LS_POSTERIOR_LEVELS] = {0.3934693402873666, 0.8646647167633873};

/* Squares of the plane. */
typedef struct Grid {
    double x, y, step_x, step_y;
    int nx, ny;
} Grid;

typedef enum Stage {
    STAGE_QUADRATURE,
    STAGE_COARSE,
    STAGE_FINE,
    STAGE_DONE
} Stage;

struct LsPosterior {
    // --- immutable after create
    LsModel model;
    LsCoder *coder;
    float *params, *x;    /* [param_count], [pixels]: copies */
    float *z;             /* [POINTS or ROWS, 2] */
    float *logits, *work; /* [ROWS, pixels], [pixels] */
    float *value;         /* [LS_POSTERIOR_CELLS]: log p(x, z) of the grid at hand */
    float *density[2];    /* [LS_POSTERIOR_CELLS]: shown, and the next one's */
    // --- the one at work
    Stage stage;
    Grid grid;
    int next; /* cell */
    float mu[2], logvar[2];
    double weight[POINTS];
    double expected; /* so far: E[log p(x|z)] */
    // --- results
    LsPosteriorPicture picture;
    bool there;
    int shown; /* index into density */
};

LsPosterior *ls_posterior_create(const LsModel *model, LsError *err)
{
    if (!ls_exact_can(model)) {
        ls_fail(err, LS_ERR_MODEL,
                "The true posterior needs a model with two latent dimensions, this one has %d.",
                model->spec.latent);
        return NULL;
    }
    LsPosterior *posterior = ls_memory_items(1, sizeof *posterior, err);
    if (posterior == NULL) {
        return NULL;
    }
    posterior->model = *model;
    posterior->stage = STAGE_DONE;
    const size_t pixels = (size_t)model->pixels;
    float **const buffers[] = {&posterior->params,     &posterior->x,         &posterior->z,
                               &posterior->logits,     &posterior->work,      &posterior->value,
                               &posterior->density[0], &posterior->density[1]};
    const size_t sizes[] = {model->param_count,
                            pixels,
                            2 * ROWS,
                            ROWS * pixels,
                            pixels,
                            LS_POSTERIOR_CELLS,
                            LS_POSTERIOR_CELLS,
                            LS_POSTERIOR_CELLS};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        *buffers[i] = ls_memory_floats(sizes[i], err);
        if (*buffers[i] == NULL) {
            goto fail;
        }
    }
    posterior->coder = ls_coder_create(model, ROWS, err);
    if (posterior->coder == NULL) {
        goto fail;
    }
    return posterior;
fail:
    ls_posterior_destroy(posterior);
    return NULL;
}

void ls_posterior_destroy(LsPosterior *posterior)
{
    if (posterior == NULL) {
        return;
    }
    ls_coder_destroy(posterior->coder);
    float *const buffers[] = {posterior->params,     posterior->x,         posterior->z,
                              posterior->logits,     posterior->work,      posterior->value,
                              posterior->density[0], posterior->density[1]};
    for (size_t i = 0; i < LS_COUNT(buffers); i++) {
        ls_memory_free(buffers[i]);
    }
    ls_memory_free(posterior);
}

const LsModel *ls_posterior_model(const LsPosterior *posterior)
{
    return &posterior->model;
}

void ls_posterior_begin(LsPosterior *posterior, const float *params, const float *x, bool forget)
{
    const size_t middle = ls_model_decoder_at(&posterior->model);
    /* The encoder is done with in here: what is never written takes no memory. */
    memcpy(posterior->params + middle, params + middle,
           (posterior->model.param_count - middle) * sizeof *params);
    memcpy(posterior->x, x, (size_t)posterior->model.pixels * sizeof *x);
    ls_coder_encode(posterior->coder, params, 1, posterior->x, posterior->mu, posterior->logvar);
    posterior->there = posterior->there && !forget;
    posterior->stage = STAGE_QUADRATURE;
}

bool ls_posterior_running(const LsPosterior *posterior)
{
    return posterior->stage != STAGE_DONE;
}

/* Decodes n places in z; log p(x|z) of each goes to out. */
static void judge(LsPosterior *posterior, int n, float *out)
{
    const size_t pixels = (size_t)posterior->model.pixels;
    ls_coder_decode(posterior->coder, posterior->params, n, posterior->z, posterior->logits, NULL);
    for (int i = 0; i < n; i++) {
        out[i] = (float)ls_likelihood_log(pixels, posterior->logits + (size_t)i * pixels,
                                          posterior->x, posterior->work);
    }
}

static void begin_grid(LsPosterior *posterior, Stage stage, Grid grid)
{
    posterior->stage = stage;
    posterior->grid = grid;
    posterior->next = 0;
}

/* The whole plane as far as it matters: the prior, and the code wherever it is. */
static void begin_coarse(LsPosterior *posterior)
{
    double low[2];
    double high[2];
    for (int i = 0; i < 2; i++) {
        const double mu = (double)posterior->mu[i];
        low[i] = fmin(-half, mu - 1);
        high[i] = fmax(half, mu + 1);
    }
    begin_grid(posterior, STAGE_COARSE,
               (Grid){.x = low[0],
                      .y = low[1],
                      .step_x = (high[0] - low[0]) / COARSE,
                      .step_y = (high[1] - low[1]) / COARSE,
                      .nx = COARSE,
                      .ny = COARSE});
}

static float largest(const float *value, int n)
{
    float most = value[0];
    for (int i = 1; i < n; i++) {
        most = value[i] > most ? value[i] : most;
    }
    return most;
}

/* Where the coarse grid is not hopeless, and a cell around it. */
static void begin_fine(LsPosterior *posterior)
{
    const Grid *coarse = &posterior->grid;
    const float *value = posterior->value;
    const double least = (double)largest(value, coarse->nx * coarse->ny) - deep;
    int x0 = coarse->nx, x1 = -1, y0 = coarse->ny, y1 = -1;
    for (int k = 0; k < coarse->nx * coarse->ny; k++) {
        if ((double)value[k] >= least) {
            const int i = k % coarse->nx;
            const int j = k / coarse->nx;
            x0 = i < x0 ? i : x0;
            x1 = i > x1 ? i : x1;
            y0 = j < y0 ? j : y0;
            y1 = j > y1 ? j : y1;
        }
    }
    if (x1 < 0) { /* nothing is a number: the plane as it is */
        x0 = y0 = 0;
        x1 = coarse->nx - 1;
        y1 = coarse->ny - 1;
    }
    const double w = (x1 - x0 + 3) * coarse->step_x;
    const double h = (y1 - y0 + 3) * coarse->step_y;
    const double step = fmax(sqrt(w * h / cells_wanted), finest);
    Grid fine = {.x = coarse->x + (x0 - 1) * coarse->step_x,
                 .y = coarse->y + (y0 - 1) * coarse->step_y,
                 .step_x = step,
                 .step_y = step,
                 .nx = (int)ceil(w / step),
                 .ny = (int)ceil(h / step)};
    fine.nx = fine.nx < LS_POSTERIOR_SIDE ? fine.nx : LS_POSTERIOR_SIDE;
    fine.ny = fine.ny < LS_POSTERIOR_SIDE ? fine.ny : LS_POSTERIOR_SIDE;
    fine.ny = fine.ny < LS_POSTERIOR_CELLS / fine.nx ? fine.ny : LS_POSTERIOR_CELLS / fine.nx;
    begin_grid(posterior, STAGE_FINE, fine);
}

/* The relative density above which lies this fraction of the whole. */
static double level_of(const float *density, int n, double sum, double fraction)
{
    double low = 0;
    double high = 1;
    for (int round = 0; round < 20; round++) {
        const double middle = (low + high) / 2;
        double above = 0;
        for (int i = 0; i < n; i++) {
            above += (double)density[i] >= middle ? (double)density[i] : 0;
        }
        if (above > fraction * sum) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return (low + high) / 2;
}

/* Mean and deviation on each axis, from the density. */
static void find_moments(LsPosteriorPicture *picture, double sum)
{
    double first[2] = {0, 0};
    double second[2] = {0, 0};
    for (int k = 0; k < picture->nx * picture->ny; k++) {
        const double p = (double)picture->density[k] / sum;
        const double at[] = {k % picture->nx + 0.5, k / picture->nx + 0.5};
        for (int i = 0; i < 2; i++) {
            first[i] += p * at[i];
            second[i] += p * at[i] * at[i];
        }
    }
    for (int i = 0; i < 2; i++) {
        picture->mean[i] = (i == 0 ? picture->x : picture->y) + first[i] * picture->step;
        picture->spread[i] = sqrt(fmax(second[i] - first[i] * first[i], 0)) * picture->step;
    }
}

static void finish(LsPosterior *posterior)
{
    const Grid *grid = &posterior->grid;
    const int n = grid->nx * grid->ny;
    const float most = largest(posterior->value, n);
    float *density = posterior->density[1 - posterior->shown];
    double sum = 0;
    for (int i = 0; i < n; i++) {
        density[i] = expf(posterior->value[i] - most);
        sum += (double)density[i];
    }
    LsPosteriorPicture *picture = &posterior->picture;
    *picture = (LsPosteriorPicture){.x = grid->x,
                                    .y = grid->y,
                                    .step = grid->step_x,
                                    .nx = grid->nx,
                                    .ny = grid->ny,
                                    .density = density};
    for (int i = 0; i < 2; i++) {
        picture->mu[i] = (double)posterior->mu[i];
        picture->sigma[i] = exp(0.5 * (double)posterior->logvar[i]);
    }
    picture->log_p = (double)most + log(sum * grid->step_x * grid->step_y);
    picture->elbo = posterior->expected - ls_likelihood_kl(posterior->mu, posterior->logvar);
    picture->gap = picture->log_p - picture->elbo;
    for (int i = 0; i < LS_POSTERIOR_LEVELS; i++) {
        picture->level[i] = level_of(density, n, sum, inside[i]);
    }
    find_moments(picture, sum);
    posterior->shown = 1 - posterior->shown;
    posterior->there = true;
    posterior->stage = STAGE_DONE;
}

static void take_quadrature(LsPosterior *posterior)
{
    float value[POINTS];
    ls_likelihood_nodes(LS_LIKELIHOOD_NODES, posterior->mu, posterior->logvar, posterior->z,
                        posterior->weight);
    judge(posterior, POINTS, value);
    posterior->expected = 0;
    for (int k = 0; k < POINTS; k++) {
        posterior->expected += posterior->weight[k] * (double)value[k];
    }
}

/* At most `rows` cells of the grid at hand. Returns whether it is through. */
static bool take_cells(LsPosterior *posterior, int rows)
{
    const Grid *grid = &posterior->grid;
    const int left = grid->nx * grid->ny - posterior->next;
    const int n = rows < left ? rows : left;
    float *value = posterior->value + posterior->next;
    double prior[ROWS];
    for (int i = 0; i < n; i++) {
        const int k = posterior->next + i;
        const double x = grid->x + (k % grid->nx + 0.5) * grid->step_x;
        const double y = grid->y + (k / grid->nx + 0.5) * grid->step_y;
        posterior->z[2 * i] = (float)x;
        posterior->z[2 * i + 1] = (float)y;
        prior[i] = ls_likelihood_prior(x, y);
    }
    judge(posterior, n, value);
    for (int i = 0; i < n; i++) {
        value[i] += (float)prior[i];
    }
    posterior->next += n;
    return n == left;
}

bool ls_posterior_advance(LsPosterior *posterior, int rows)
{
    assert(rows >= 1);
    rows = rows < ROWS ? rows : ROWS;
    switch (posterior->stage) {
    case STAGE_QUADRATURE:
        take_quadrature(posterior);
        begin_coarse(posterior);
        break;
    case STAGE_COARSE:
        if (take_cells(posterior, rows)) {
            begin_fine(posterior);
        }
        break;
    case STAGE_FINE:
        if (take_cells(posterior, rows)) {
            finish(posterior);
        }
        break;
    case STAGE_DONE:
        break;
    }
    return posterior->stage == STAGE_DONE;
}

const LsPosteriorPicture *ls_posterior_picture(const LsPosterior *posterior)
{
    return posterior->there ? &posterior->picture : NULL;
}
