/* SPDX-License-Identifier: MIT */
/*
 * Nodes from a file, a row each. Rows with coordinates make the regions themselves: rows of one name and, rounded, one
 * place share a region, so that delays are kept by pairs of places and not of nodes; or, where the latency model has
 * regions of its own whose places it knows, each is in the nearest. Rows without coordinates name regions of the model.
 */
#include "base/vector.h"
#include "network/placement.h"
#include "network/places.h"

#include <string.h>

#define PLACES_MAXIMUM 4096u /* 128 MiB of delays */
#define MICRODEGREE    1000000u

struct file_params {
    const char *file;
    const char *latitude, *longitude;
    const char *region;
    const char *stake;
    struct ratio round_degree;
    int unplaced;
};

enum { UNPLACED_REFUSE, UNPLACED_LIKE_OTHERS };
static const char *const unplaced_choices[] = {"refuse", "like_others", NULL};

#define AT(field) .offset = offsetof(struct file_params, field)
static const struct param params[] = {
    {.key = "file", .type = PARAM_FILE, AT(file), .meaning = "CSV with a row a node, in the order of the nodes"},
    {.key = "latitude",
     .type = PARAM_TEXT,
     AT(latitude),
     .optional = true,
     .meaning = "the column of degrees north: for the geographic latency model, or one of regions with `places`, of "
                "which a node is then in the nearest"},
    {.key = "longitude", .type = PARAM_TEXT, AT(longitude), .optional = true, .meaning = "the column of degrees east"},
    {.key = "region",
     .type = PARAM_TEXT,
     AT(region),
     .optional = true,
     .meaning =
         "the column of the region: with coordinates what traces and faults call the place, else a region of the "
         "latency model"},
    {.key = "stake",
     .type = PARAM_TEXT,
     AT(stake),
     .optional = true,
     .meaning = "a column of stakes in any unit: rows with stake 0 are no nodes, as they are no validators in "
                "validators.stake"},
    {.key = "round",
     .type = PARAM_DECIMAL,
     AT(round_degree),
     .by_default = "0.01",
     .maximum = "10",
     .meaning = "degrees to whose multiples coordinates are rounded, so that near places become one; 0: not at all"},
    {.key = "unplaced",
     .type = PARAM_CHOICE,
     AT(unplaced),
     .by_default = "refuse",
     .choices = unplaced_choices,
     .meaning = "whether a node without a place is refused, or put where another node is, drawn at random"},
};

static const char *check(const void *filled, char **message)
{
    const struct file_params *given = filled;
    if (!given->latitude != !given->longitude) {
        *message = g_strdup("give both `latitude` and `longitude`");
        return given->latitude ? "longitude" : "latitude";
    }
    if (given->latitude || given->region)
        return NULL;
    *message = g_strdup("name the columns `latitude` and `longitude`, or `region`");
    return "region";
}
const struct param_table placement_file_table = PARAM_TABLE_CHECKED(
    "placement by file", "nodes are where the rows of a file say", struct file_params, params, check);

struct columns {
    struct place_columns place;
    size_t region, stake;
};

struct reading {
    const struct file_params *given;
    struct table_file *table;
    struct columns columns;
    struct placement *placement;
};

static bool find_columns(struct reading *reading, GError **error)
{
    const struct file_params *given = reading->given;
    const struct table_file *table = reading->table;
    struct columns *columns = &reading->columns;
    return (!given->latitude || (table_file_need(table, given->latitude, &columns->place.latitude, error) &&
                                 table_file_need(table, given->longitude, &columns->place.longitude, error))) &&
           (!given->region || table_file_need(table, given->region, &columns->region, error)) &&
           (!given->stake || table_file_need(table, given->stake, &columns->stake, error));
}

/* Whether the row is a node; adds it without a place. */
static bool add_row(struct reading *reading, size_t row, bool *is_node, GError **error)
{
    struct placement *placement = reading->placement;
    *is_node = true;
    if (reading->given->stake && !table_file_positive(reading->table, row, reading->columns.stake, is_node, error))
        return false;
    if (!*is_node)
        return true;
    placement->region_of_row[placement->row_count] = ID_NONE;
    placement->lines[placement->row_count++] = reading->table->lines[row + 1];
    return true;
}

/* Rows without a place stay without a region, where that is allowed. */
static bool may_lack(const struct reading *reading, size_t row, size_t column, GError **error)
{
    if (reading->given->unplaced == UNPLACED_LIKE_OTHERS)
        return true;
    table_file_refuse(reading->table, row, column, error,
                      "the node has no place: give it one, or put such nodes where others are, with `unplaced: "
                      "like_others`");
    return false;
}

static bool read_by_name(struct reading *reading, const struct latency *latency, GError **error)
{
    for (size_t row = 0; row < reading->table->row_count; row++) {
        bool is_node;
        const char *name = table_file_cell(reading->table, row, reading->columns.region);
        if (!add_row(reading, row, &is_node, error))
            return false;
        if (!is_node)
            continue;
        uint32_t *region = &reading->placement->region_of_row[reading->placement->row_count - 1];
        *region = latency_find_region(latency, name);
        if (*name && *region == ID_NONE) {
            char *whose = g_strdup_printf("%s:%u", reading->table->path, reading->table->lines[row + 1]);
            latency_refuse_region(latency, whose, name, error);
            g_free(whose);
            return false;
        }
        if (!*name && !may_lack(reading, row, reading->columns.region, error))
            return false;
    }
    return true;
}

/* Places in the order in which rows name them first. */
struct found_places {
    VECTOR(struct place) at;
    VECTOR(char *) names;
    GHashTable *ids; /* by name and place, from 1; looked up only, never walked */
    uint32_t step;
};

static uint32_t place_id(struct found_places *found, struct place place, const char *name)
{
    char *key = g_strdup_printf("%d %d %s", place.latitude_microdegree, place.longitude_microdegree, name);
    uint32_t number = GPOINTER_TO_UINT(g_hash_table_lookup(found->ids, key));
    if (number) {
        g_free(key);
        return number - 1;
    }
    vector_push(&found->at, place);
    vector_push(&found->names, (char *)name);
    g_hash_table_insert(found->ids, key, GUINT_TO_POINTER((guint)found->at.count));
    return (uint32_t)found->at.count - 1;
}

static bool read_by_place(struct reading *reading, struct found_places *found, GError **error)
{
    for (size_t row = 0; row < reading->table->row_count; row++) {
        bool is_node, given;
        struct place place;
        if (!add_row(reading, row, &is_node, error) ||
            (is_node && !place_read(reading->table, row, &reading->columns.place, &place, &given, error)))
            return false;
        if (!is_node || (!given && may_lack(reading, row, reading->columns.place.latitude, error)))
            continue;
        if (!given)
            return false;
        const char *name = reading->given->region ? table_file_cell(reading->table, row, reading->columns.region) : "";
        if (reading->given->region && !*name) {
            table_file_refuse(reading->table, row, reading->columns.region, error,
                              "the node has coordinates, but its region no name: give it one, or leave `region` out, "
                              "and regions are named by their places");
            return false;
        }
        reading->placement->region_of_row[reading->placement->row_count - 1] =
            place_id(found, place_round(place, found->step), name);
    }
    if (found->at.count > 0 && found->at.count <= PLACES_MAXIMUM)
        return true;
    if (found->at.count == 0)
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT, "%s: no node has a place", reading->table->path);
    else
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT,
                    "%s: the nodes are at %zu different places; delays are kept between at most %u: round coordinates "
                    "more coarsely, with `round`",
                    reading->table->path, found->at.count, PLACES_MAXIMUM);
    return false;
}

/* Degrees with four decimals, whatever the locale. */
static void print_degrees(GString *text, int32_t microdegree)
{
    uint32_t magnitude = microdegree < 0 ? -(uint32_t)microdegree : (uint32_t)microdegree;
    g_string_append_printf(text, "%s%u.%04u", microdegree < 0 ? "-" : "", magnitude / MICRODEGREE,
                           magnitude % MICRODEGREE / 100);
}

/* Where rows have no name, their place is one. */
static void name_places(const struct reading *reading, struct found_places *found)
{
    for (size_t i = 0; !reading->given->region && i < found->at.count; i++) {
        GString *name = g_string_new(NULL);
        print_degrees(name, found->at.at[i].latitude_microdegree);
        g_string_append_c(name, ' ');
        print_degrees(name, found->at.at[i].longitude_microdegree);
        found->names.at[i] = g_string_free(name, FALSE);
    }
}

static bool describe_places(struct reading *reading, const struct param_variant_value *model, struct latency *latency,
                            GError **error)
{
    const struct latency_model *plugin = model->variant->plugin;
    uint128 step = (uint128)reading->given->round_degree.numerator * MICRODEGREE;
    struct found_places found = {.ids = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                                 .step = (uint32_t)(step / reading->given->round_degree.denominator)};
    bool fine = read_by_place(reading, &found, error);
    if (fine) {
        name_places(reading, &found);
        fine = plugin->describe_at(model->value, found.at.at, found.names.at, (uint32_t)found.at.count, latency, error);
        for (size_t i = 0; !reading->given->region && i < found.names.count; i++)
            g_free(found.names.at[i]);
    }
    vector_release(&found.at);
    vector_release(&found.names);
    g_hash_table_destroy(found.ids);
    return fine;
}

static uint32_t nearest_region(const struct latency *latency, struct place place)
{
    uint32_t nearest = 0;
    uint64_t least_m = UINT64_MAX;
    for (uint32_t region = 0; region < latency->region_count; region++) {
        uint64_t distance_m = great_circle_m(place, latency->places[region]);
        if (distance_m >= least_m)
            continue;
        least_m = distance_m;
        nearest = region;
    }
    return nearest;
}

static bool read_by_nearest(struct reading *reading, const struct latency *latency, GError **error)
{
    for (size_t row = 0; row < reading->table->row_count; row++) {
        bool is_node, given;
        struct place place;
        if (!add_row(reading, row, &is_node, error) ||
            (is_node && !place_read(reading->table, row, &reading->columns.place, &place, &given, error)))
            return false;
        if (!is_node)
            continue;
        if (!given && !may_lack(reading, row, reading->columns.place.latitude, error))
            return false;
        if (given)
            reading->placement->region_of_row[reading->placement->row_count - 1] = nearest_region(latency, place);
    }
    return true;
}

static bool describe_regions(struct reading *reading, const struct param_variant_value *model, struct latency *latency,
                             GError **error)
{
    const struct latency_model *plugin = model->variant->plugin;
    if (!plugin->describe(model->value, latency, error))
        return false;
    if (!reading->given->region && latency->places)
        return read_by_nearest(reading, latency, error);
    if (!reading->given->region) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT,
                    "network.placement.file: the latency model %s does not work from coordinates: use `geographic`, or "
                    "`regions` with a file of `places` that has them all, or name a column of its regions",
                    model->variant->name);
        return false;
    }
    if (latency_has_regions(latency))
        return read_by_name(reading, latency, error);
    g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT,
                "network.placement.file: the latency model %s has no regions in which nodes could be",
                model->variant->name);
    return false;
}

bool placement_file_open(struct placement *placement, const struct param_variant_value *model, struct latency *latency,
                         GError **error)
{
    const struct latency_model *plugin = model->variant->plugin;
    struct reading reading = {.given = placement->chosen->value, .placement = placement};
    reading.table = table_file_read(reading.given->file, error);
    if (!reading.table)
        return false;
    placement->file = g_strdup(reading.given->file);
    placement->region_of_row = g_new(uint32_t, reading.table->row_count);
    placement->lines = g_new(uint32_t, reading.table->row_count);
    bool by_place = reading.given->latitude && plugin->describe_at;
    bool fine = find_columns(&reading, error) && (by_place ? describe_places(&reading, model, latency, error)
                                                           : describe_regions(&reading, model, latency, error));
    table_file_free(reading.table);
    return fine;
}

/* The region of another row that has one, drawn by the node. */
static uint32_t like_another(const struct placement *placement, node_id node, uint32_t rows,
                             const struct random_seed *seed)
{
    uint32_t placed = 0;
    for (uint32_t row = 0; row < rows; row++)
        placed += placement->region_of_row[row] != ID_NONE;
    uint64_t drawn = random_at(seed, RANDOM_PLACE, node, 0);
    uint32_t wanted = (uint32_t)((uint128)drawn * placed >> 64);
    for (uint32_t row = 0; row < rows; row++)
        if (placement->region_of_row[row] != ID_NONE && wanted-- == 0)
            return placement->region_of_row[row];
    return ID_NONE;
}

bool placement_file_assign(struct placement *placement, uint32_t node_count, const struct random_seed *seed,
                           uint32_t *region_of, GError **error)
{
    if (placement->row_count < node_count) {
        g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT, "%s: there are %u nodes, but the scenario has %u",
                    placement->file, placement->row_count, node_count);
        return false;
    }
    placement->asked = node_count;
    for (node_id node = 0; node < node_count; node++) {
        if (region_of[node] != ID_NONE)
            continue;
        region_of[node] = placement->region_of_row[node];
        if (region_of[node] != ID_NONE)
            continue;
        region_of[node] = like_another(placement, node, placement->row_count, seed);
        if (placement->drawn++ == 0)
            placement->first_line = placement->lines[node];
        if (region_of[node] == ID_NONE) {
            g_set_error(error, NETWORK_ERROR, NETWORK_ERROR_PLACEMENT, "%s: no node has a place", placement->file);
            return false;
        }
    }
    return true;
}
