#include "views/layer.h"

#include "views/map_axes.h"
#include "views/map_state.h"

static void draw_grid(ViewMap *map, View *view)
{
    view_map_grid_draw(map->grid, view, &map->plane);
}

static void draw_rings(ViewMap *map, View *view)
{
    view_map_axes_rings(view->ui, &map->plane, view->snapshot->model.spec.latent);
}

static void draw_points(ViewMap *map, View *view)
{
    const ViewPointCard *card = &map->point_card;
    view_map_points_draw(map->points, view, &map->plane,
                         card->point >= 0 ? card->point : card->pinned);
}

static void draw_posterior(ViewMap *map, View *view)
{
    view_map_posterior_draw(map->posterior, view->ui, &map->plane);
}

static const ViewLayer layers[] = {
    {.name = "map.grid",
     .title = "Grid",
     .help = "Images the decoder makes of places all over the plane, from the newest weights.",
     .shown = offsetof(ViewChoice, grid),
     .draw = draw_grid},
    {.name = "map.rings",
     .title = "Rings",
     .help = "One, two and three deviations of the prior: new samples are drawn from inside them.",
     .shown = offsetof(ViewChoice, rings),
     .draw = draw_rings},
    {.name = "map.points",
     .title = "Points",
     .help = "Where the encoder puts images the model was not trained on, coloured by class.",
     .shown = offsetof(ViewChoice, points),
     .draw = draw_points},
    {.name = "map.posterior",
     .title = "Posterior",
     .help =
         "Of the point under the mouse, or clicked: where its code can truly lie, in green, and "
         "the encoder's Gaussian in white, at one and two deviations. What they differ by is "
         "what the ELBO lacks of log p(x).",
     .shown = offsetof(ViewChoice, posterior),
     .flat = true,
     .draw = draw_posterior},
};

const ViewLayer *view_layer_kinds(size_t *count)
{
    *count = LS_COUNT(layers);
    return layers;
}

bool *view_layer_shown(const ViewLayer *layer, ViewChoice *choice)
{
    return (bool *)(void *)((char *)choice + layer->shown);
}
