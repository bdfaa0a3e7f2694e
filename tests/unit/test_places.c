/* SPDX-License-Identifier: MIT */
/* Data as users have it: tables of delays in their forms, gaps that are filled, nodes with coordinates, rates. */
#include "network/geography.h"
#include "network/network.h"

#include "../shared.h"
#include "network_setup.h"

#include <glib/gstdio.h>
#include <math.h>

#define MS MILLISECOND

static struct network *placed(uint32_t nodes, const char *const *regions, const char *const *settings)
{
    GError *error = NULL;
    struct network *network = network_new(setup_params(settings), nodes, regions, &setup_seed, &error);
    g_assert_no_error(error);
    return network;
}

/* Asserts what is refused, with the file's path as FILE. */
static void refuses(uint32_t nodes, const char *path, const char *expected, const char *const *settings)
{
    char *said = setup_refusal(nodes, settings);
    char **parts = g_strsplit(said, path, -1);
    char *message = g_strjoinv("FILE", parts);
    g_assert_cmpstr(message, ==, expected);
    g_strfreev(parts);
    g_free(message);
    g_free(said);
}

#define LONG(path, ...)                                                                                                \
    SETTINGS("latency", "regions", "latency.file", path, "latency.layout", "long", "latency.from", "a", "latency.to",  \
             "b", "latency.value", "rtt", "latency.jitter", "0 %", __VA_ARGS__)

/* Pairs once, as round trips: half of it either way; a region's own figure counts, else 1 ms. */
static void long_tables_are_by_pair(void)
{
    char *path = setup_file_of("b,rtt,a,note\nY,20,X,far\nZ,30.5,Y,\nX,4,X,\nZ,8,X,\n");
    const char *regions[] = {"X", "Y", "X", "Z", "Z"};
    struct network *network =
        placed(5, regions, LONG(path, "latency.measures", "round_trip", "latency.symmetric", "on"));
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, 10 * MS);
    g_assert_cmpint(network_least_delay(network, 1, 0), ==, 10 * MS);
    g_assert_cmpint(network_least_delay(network, 3, 1), ==, 15250 * MICROSECOND);
    g_assert_cmpint(network_least_delay(network, 0, 2), ==, 2 * MS);
    g_assert_cmpint(network_least_delay(network, 3, 4), ==, 1 * MS);
    network_free(network);
    refuses(3, path,
            "network.latency: there is no delay from Y to X: add it, place no nodes in one of them, or name a file of "
            "their `places` to fill it by distance",
            LONG(path, NULL));
    g_unlink(path);
}

static void refuses_long(const char *text, const char *expected)
{
    char *path = setup_file_of(text);
    refuses(4, path, expected, LONG(path, NULL));
    g_unlink(path);
}

static void bad_long_tables_are_refused(void)
{
    refuses_long("a,c,rtt\nX,Y,1\n", "FILE: there is no column b: the columns are a, c, rtt");
    refuses_long("a,b,rtt\nX,Y,1\nX,Y,2\n", "FILE:3: column rtt: there is a second figure from X to Y");
    refuses_long("a,b,rtt\nX,,1\n", "FILE:2: column b: a region needs a name");
    refuses_long("a,b,rtt\nX,Y,fast\n", "FILE:2: column rtt: \"fast\" is not a number such as 12 or 85.25");
    refuses_long("a,b,rtt\n", "FILE: no row counts, so there is no region");
}

/* Two matrices below each other, of which one counts, and regions that a second file names. */
static void rows_are_chosen_and_regions_named(void)
{
    char *path = setup_file_of("year,from,A,B\n2015,A,1,2\n2015,B,3,4\n2019,A,10,20\n2019,B,30,40\n");
    char *names = setup_file_of("id,name\nB,Beta\nC,Gamma\nA,Alpha\n");
    const char *regions[] = {"Alpha", "Beta"};
    const char *const *settings =
        SETTINGS("latency", "regions", "latency.file", path, "latency.where.column", "year", "latency.where.is", "2019",
                 "latency.names.file", names, "latency.jitter", "0 %");
    struct network *network = placed(2, regions, settings);
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, 20 * MS);
    g_assert_cmpint(network_least_delay(network, 1, 0), ==, 30 * MS);
    g_assert_cmpstr(network_region(network, 0), ==, "Alpha");
    network_free(network);
    refuses(2, path, "FILE:4: column from: there is a second row A",
            SETTINGS("latency", "regions", "latency.file", path, "latency.from", "from"));
    char *few = setup_file_of("id,name\nA,Alpha\n");
    refuses(2, few, "FILE: there is no row for region B",
            SETTINGS("latency", "regions", "latency.file", path, "latency.where.column", "year", "latency.where.is",
                     "2019", "latency.names.file", few));
    g_unlink(path);
    g_unlink(names);
    g_unlink(few);
}

/*
 * Four places on the equator, at 0, 10, 20 and 40 degrees: 1,112, 2,224 and 4,448 km from the first. The known pairs,
 * all from the first, lie on 5 ms + 10 us a km; so 10 and 40 degrees, 3,336 km apart, get 38.36 ms.
 */
static void gaps_are_filled_by_distance(void)
{
    char *path = setup_file_of("from,p,q,r,s\np,0,16.12,27.24,\nq,,0,,\nr,,,0,\ns,,,,0\n");
    char *places = setup_file_of("name,latitude,longitude\ns,0,40\nq,0,10\nr,0,20.0\np,-0,0\n");
    const char *regions[] = {"p", "q", "r", "s", "p"};
    struct network *network = placed(5, regions,
                                     SETTINGS("latency", "regions", "latency.file", path, "latency.symmetric", "on",
                                              "latency.places.file", places, "latency.jitter", "0 %"));
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, 16120 * MICROSECOND);
    g_assert_cmpint(network_least_delay(network, 2, 0), ==, 27240 * MICROSECOND);
    g_assert_cmpint(network_least_delay(network, 1, 3), ==, 38360 * MICROSECOND);
    g_assert_cmpint(network_least_delay(network, 3, 0), ==, 49480 * MICROSECOND);
    struct network_shape shape;
    const stake_amount stakes[] = {1, 1, 1, 1, 1};
    network_shape(network, stakes, &shape);
    g_assert_cmpuint(shape.pairs_filled, ==, 8);
    char **warnings = network_warnings(network);
    char *expected = g_strdup_printf(
        "network.latency: %s has no figure for 8 pairs of regions, the first from p to s; 8 are filled by distance: "
        "5.00 ms and 10.00 ms for each 1000 km, from which half of the 4 known pairs lie within 0.0 %%; nodes are in "
        "the regions of 8 of them",
        path);
    g_assert_cmpstr(warnings[0], ==, expected);
    g_assert_null(warnings[1]);
    g_free(expected);
    g_strfreev(warnings);
    network_free(network);
    g_unlink(path);
    g_unlink(places);
}

/* A line through 1.3 ms at 1,112 and 1.4 ms at 2,224 km undercuts light in fibre, which takes 21.82 ms for 4,448 km. */
static void nothing_is_filled_faster_than_light(void)
{
    char *path = setup_file_of("from,p,q,r,s\np,0,1.3,1.4,\nq,,0,,\nr,,,0,\ns,,,,0\n");
    char *places = setup_file_of("name,latitude,longitude\ns,0,40\nq,0,10\nr,0,20.0\np,0,0\n");
    const char *regions[] = {"p", "s"};
    struct network *network = placed(
        2, regions,
        SETTINGS("latency", "regions", "latency.file", path, "latency.places.file", places, "latency.jitter", "0 %"));
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, 4448 * 4905);
    network_free(network);
    g_unlink(path);
    g_unlink(places);
}

static void refuses_filling(const char *delays, const char *places, bool blames_places, const char *expected)
{
    char *path = setup_file_of(delays), *where = setup_file_of(places);
    refuses(2, blames_places ? where : path, expected,
            SETTINGS("latency", "regions", "latency.file", path, "latency.places.file", where));
    g_unlink(path);
    g_unlink(where);
}

static void what_cannot_be_filled_is_refused(void)
{
    refuses_filling("from,p,q\np,0,5\nq,,0\n", "name,latitude,longitude\np,0,0\nq,0,9\n", false,
                    "FILE: 1 pairs of regions have no figure, and the 1 known ones whose places are known make no line "
                    "that rises with distance, by which to fill them");
    refuses_filling("from,p,q\np,0,5\nq,,0\n", "name,latitude,longitude\np,91,0\nq,0,9\n", true,
                    "FILE:2: column latitude: 91 is out of range: -90 to 90 degrees");
    refuses_filling("from,p,q\np,0,5\nq,,0\n", "name,latitude,longitude\np,1,0\nq,0,9 W\n", true,
                    "FILE:3: column longitude: \"9 W\" is not a number of degrees such as 47.38 or -8.54");
    refuses_filling("from,p,q\np,0,5\nq,,0\n", "name,latitude,longitude\np,1,0\np,1,0\n", true,
                    "FILE:3: column name: there is a second row p");
}

/* Nodes at the coordinates of the 22 cloud regions are as far apart as the geographic model's regions. */
static void places_agree_with_the_model(void)
{
    GString *text = g_string_new("lat,lon\n");
    const char **regions = g_new0(const char *, cloud_region_count);
    for (uint32_t region = 0; region < cloud_region_count; region++) {
        const struct place *at = &cloud_regions[region].place;
        g_string_append_printf(text, "%.6f,%.6f\n", at->latitude_microdegree / 1e6, at->longitude_microdegree / 1e6);
        regions[region] = cloud_regions[region].name;
    }
    char *path = setup_file_of(text->str);
    struct network *by_name = placed(cloud_region_count, regions, SETTINGS("latency", "geographic"));
    struct network *by_place = placed(cloud_region_count, NULL,
                                      SETTINGS("latency", "geographic", "placement", "file", "placement.file", path,
                                               "placement.latitude", "lat", "placement.longitude", "lon"));
    for (node_id from = 0; from < cloud_region_count; from++)
        for (node_id to = 0; to < cloud_region_count; to++)
            g_assert_cmpint(network_least_delay(by_place, from, to), ==, network_least_delay(by_name, from, to));
    g_assert_cmpstr(network_region(by_place, 17), ==, "-23.5500 -46.6300");
    network_free(by_name);
    network_free(by_place);
    g_free(regions);
    g_string_free(text, TRUE);
    g_unlink(path);
}

#define NODES(path, ...)                                                                                               \
    SETTINGS("latency", "geographic", "latency.jitter", "0 %", "placement", "file", "placement.file", path,            \
             "placement.latitude", "lat", "placement.longitude", "lon", __VA_ARGS__)

/*
 * Rows in order, without that of stake 0. Two nodes of Zurich, .001 degree apart, are one place and 1 ms apart; so are
 * two data centres at one place, which keep their names. A node without a place is refused, or is where another is.
 */
static void rows_are_nodes(void)
{
    char *path = setup_file_of("dc,lat,lon,stake\nzrh,47.38,8.54,5\nnone,1,1,0\nzrh,47.381,8.54,3\nfra,50.11,8.68,2.5\n"
                               "dark,,,1\nfra2,50.11,8.68,1\n");
    const char *const *settings =
        NODES(path, "placement.region", "dc", "placement.stake", "stake", "placement.unplaced", "like_others");
    struct network *network = placed(5, NULL, settings);
    g_assert_cmpstr(network_region(network, 1), ==, "zrh");
    g_assert_cmpstr(network_region(network, 2), ==, "fra");
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, MS);
    g_assert_cmpint(network_least_delay(network, 2, 4), ==, MS);
    g_assert_cmpint(network_least_delay(network, 0, 2), >, 5 * MS);
    g_assert_cmpstr(network_region(network, 3), !=, "dark");
    char **warnings = network_warnings(network);
    g_assert_true(g_str_has_suffix(warnings[0], "has no place for 1 of 5 nodes, the first in line 6; each is where "
                                                "another node is, drawn at random"));
    g_strfreev(warnings);
    network_free(network);
    refuses(5, path,
            "FILE:6: column lat: the node has no place: give it one, or put such nodes where others are, with "
            "`unplaced: like_others`",
            NODES(path, NULL));
    refuses(6, path, "FILE: there are 5 nodes, but the scenario has 6",
            NODES(path, "placement.stake", "stake", "placement.unplaced", "like_others"));
    refuses(5, path, "FILE: there is no column city: the columns are dc, lat, lon, stake",
            NODES(path, "placement.region", "city"));
    refuses(5, path, "network.placement.file: the latency model constant has no regions in which nodes could be",
            SETTINGS("latency", "constant", "latency.delay", "1 ms", "placement", "file", "placement.file", path,
                     "placement.region", "dc"));
    g_unlink(path);
}

/* Rows that name regions of a matrix. */
static void rows_name_regions(void)
{
    char *path = setup_file_of("from,p,q\np,0,5\nq,7,0\n"), *nodes = setup_file_of("where\nq\np\nq\n"),
         *bad = setup_file_of("where\nz\n");
    struct network *network =
        placed(3, NULL,
               SETTINGS("latency", "regions", "latency.file", path, "latency.jitter", "0 %", "placement", "file",
                        "placement.file", nodes, "placement.region", "where"));
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, 7 * MS);
    g_assert_cmpint(network_least_delay(network, 1, 2), ==, 5 * MS);
    network_free(network);
    refuses(1, bad, "FILE:2: unknown region z: use one of p, q",
            SETTINGS("latency", "regions", "latency.file", path, "placement", "file", "placement.file", bad,
                     "placement.region", "where"));
    g_unlink(path);
    g_unlink(nodes);
    g_unlink(bad);
}

/*
 * Rows with coordinates are in the nearest of a matrix's regions, where all of these have a place: Madrid is nearer to
 * Lisbon than to Paris. Without places they are nowhere; a column of regions counts before coordinates.
 */
static void rows_are_in_the_nearest_region(void)
{
    char *path = setup_file_of("from,lis,par\nlis,0,5\npar,7,0\n"),
         *places = setup_file_of("at,latitude,longitude\n"
                                 "par,48.86,2.35\nlis,38.72,-9.14\n"),
         *nodes = setup_file_of("lat,lon,dc\n40.42,-3.70,par\n50.85,4.35,lis\n,,par\n"),
         *part = setup_file_of("at,latitude,longitude\npar,48.86,2.35\nrome,1,2\n");
#define MATRIX(...)                                                                                                    \
    SETTINGS("latency", "regions", "latency.file", path, "placement", "file", "placement.file", nodes,                 \
             "placement.latitude", "lat", "placement.longitude", "lon", "placement.unplaced", "like_others",           \
             "latency.places.name", "at", __VA_ARGS__)
    struct network *network = placed(3, NULL, MATRIX("latency.places.file", places));
    g_assert_cmpstr(network_region(network, 0), ==, "lis");
    g_assert_cmpstr(network_region(network, 1), ==, "par");
    char **warnings = network_warnings(network);
    g_assert_nonnull(strstr(warnings[0], "has no place for 1 of 3 nodes"));
    g_strfreev(warnings);
    network_free(network);
    network = placed(3, NULL, MATRIX("latency.places.file", places, "placement.region", "dc"));
    g_assert_cmpstr(network_region(network, 0), ==, "par");
    network_free(network);
    static const char refusal[] =
        "network.placement.file: the latency model regions does not work from coordinates: use `geographic`, or "
        "`regions` with a file of `places` that has them all, or name a column of its regions";
    refuses(3, path, refusal, MATRIX(NULL));
    refuses(3, path, refusal, MATRIX("latency.places.file", part));
#undef MATRIX
    g_unlink(path);
    g_unlink(places);
    g_unlink(nodes);
    g_unlink(part);
}

static int nodes_in(const struct network *network, const char *region)
{
    int count = 0;
    for (node_id node = 0; node < network_node_count(network); node++)
        count += strcmp(network_region(network, node), region) == 0;
    return count;
}

/* Shares from a row of a wide table, and counts from a long one: proportions are what counts. */
static void distributions_give_shares(void)
{
    char *path = setup_file_of("from,p,q\np,0,5\nq,7,0\n");
    char *wide = setup_file_of("name,q,x,p\nold,1,0,0\nnew,0.25,0,0.75\n"),
         *tall = setup_file_of("region,n\np,30\nq,10\n");
    struct network *network = placed(40, NULL,
                                     SETTINGS("latency", "regions", "latency.file", path, "placement", "distribution",
                                              "placement.distribution", wide, "placement.row", "new"));
    g_assert_cmpint(nodes_in(network, "p"), ==, 30);
    network_free(network);
    network = placed(40, NULL,
                     SETTINGS("latency", "regions", "latency.file", path, "placement", "distribution",
                              "placement.distribution", tall, "placement.share", "n"));
    g_assert_cmpint(nodes_in(network, "q"), ==, 10);
    network_free(network);
    refuses(4, wide, "FILE: there is no row older: column name names them",
            SETTINGS("latency", "regions", "latency.file", path, "placement", "distribution", "placement.distribution",
                     wide, "placement.row", "older"));
    char *lost = setup_file_of("region,share\np,1\nmars,2\n");
    refuses(4, lost, "FILE: unknown region mars: use one of p, q",
            SETTINGS("latency", "regions", "latency.file", path, "placement", "distribution", "placement.distribution",
                     lost));
    g_unlink(path);
    g_unlink(wide);
    g_unlink(tall);
    g_unlink(lost);
}

/* A megabyte from a node that sends at 8 Mbit/s to one that receives at 4 Mbit/s takes 2 s, and 1 s to a faster one. */
static void rates_are_of_both_ends(void)
{
    char *path = setup_file_of("from,p,q\np,1,1\nq,1,1\n");
    char *rates =
        setup_file_of("region,year,up,down\np,1,1000,1000\np,2,8000000,20000000\nz,2,x,y\nq,2,16000000,4000000\n");
    const char *regions[] = {"p", "q", "p"};
    const char *const *settings =
        SETTINGS("latency", "regions", "latency.file", path, "latency.jitter", "0 %", "rates", "regions", "rates.file",
                 rates, "rates.up", "up", "rates.down", "down", "rates.where.column", "year", "rates.where.is", "2");
    struct network *network = placed(3, regions, settings);
    struct network_message message = {.id = 1, .size_bytes = 1000000};
    time_ns all[3];
    network_arrivals(network, &message, 0, all);
    g_assert_cmpint(all[1], ==, 2 * SECOND + MS);
    g_assert_cmpint(all[2], ==, SECOND + MS);
    g_assert_cmpint(network_arrival(network, &message, 0, 1), ==, all[1]);
    g_assert_cmpint(network_arrival(network, &message, 1, 2), ==, SECOND / 2 + MS);
    g_assert_cmpint(network_least_delay(network, 0, 1), ==, MS);
    g_assert_cmpint(network_delay_bound(network, 1000000), ==, 2 * SECOND + MS);
    g_assert_cmpuint(network_rate(network, 1).up_bit_per_s, ==, 16000000);
    g_assert_cmpuint(network_rate(network, 1).down_bit_per_s, ==, 4000000);
    network_free(network);
    refuses(4, rates, "FILE: there is no upload rate for region q, where nodes are",
            SETTINGS("latency", "regions", "latency.file", path, "rates", "regions", "rates.file", rates, "rates.up",
                     "up", "rates.down", "down", "rates.where.column", "year", "rates.where.is", "1"));
    refuses(4, rates, "network.bandwidth: network.rates says how fast each node sends: give one of the two",
            SETTINGS("latency", "regions", "latency.file", path, "rates", "regions", "rates.file", rates, "bandwidth",
                     "1 Mbit/s"));
    g_unlink(path);
    g_unlink(rates);
}

/* Of 4,000 nodes 3/4 draw 1 Mbit/s up and 1/4 2 Mbit/s, within 5 sigma; all receive at 5 Mbit/s. */
static void bins_are_drawn(void)
{
    char *path = setup_file_of("from,p\np,1\n");
    char *bins = setup_file_of("direction,region,bin_bps,probability\nupload,p,1000000,0.75\nupload,p,2000000,0.25\n"
                               "upload,p,3000000,0.0\ndownload,p,5000000,1\n");
    const char *const *settings =
        SETTINGS("latency", "regions", "latency.file", path, "rates", "bins", "rates.bins", bins);
    struct network *network = placed(4000, NULL, settings), *fewer = placed(10, NULL, settings);
    int slow = 0, fast = 0;
    for (node_id node = 0; node < 4000; node++) {
        slow += network_rate(network, node).up_bit_per_s == 1000000;
        fast += network_rate(network, node).up_bit_per_s == 2000000;
        g_assert_cmpuint(network_rate(network, node).down_bit_per_s, ==, 5000000);
    }
    g_assert_cmpint(slow + fast, ==, 4000);
    g_assert_cmpfloat(fabs(slow - 3000.), <, 5 * sqrt(4000 * .75 * .25));
    for (node_id node = 0; node < 10; node++) /* keyed by the node: others do not move it */
        g_assert_cmpuint(network_rate(fewer, node).up_bit_per_s, ==, network_rate(network, node).up_bit_per_s);
    network_free(network);
    network_free(fewer);
    char *bad = setup_file_of("direction,region,bin_bps,probability\nsideways,p,1000000,0.75\n");
    refuses(4, bad, "FILE:2: column direction: \"sideways\" is neither upload nor download",
            SETTINGS("latency", "regions", "latency.file", path, "rates", "bins", "rates.bins", bad));
    g_unlink(path);
    g_unlink(bins);
    g_unlink(bad);
}

/* WonderProxy's matrix: 242 cities, 515 pairs without a figure, 36 of them in neither direction. */
static void the_city_matrix_loads(void)
{
    char *matrix = shared_path("data/latency_city_wonderproxy/matrix_avg_ms.csv");
    char *cities = shared_path("data/latency_city_wonderproxy/cities.csv");
    const char *source = g_getenv("POSIM_SOURCE");
    char *places = g_build_filename(source ? source : ".", "scenarios/places/cities.csv", NULL);
    if (matrix && cities) {
        const char *const *settings =
            SETTINGS("latency", "regions", "latency.file", matrix, "latency.measures", "round_trip",
                     "latency.names.file", cities, "latency.names.name", "city", "latency.symmetric", "on",
                     "latency.places.file", places, "latency.places.name", "city");
        struct network *network = placed(242, NULL, settings);
        char **warnings = network_warnings(network);
        g_assert_nonnull(strstr(warnings[0], "has no figure for 36 pairs of regions"));
        g_assert_nonnull(strstr(warnings[0], "; 36 are filled by distance"));
        g_strfreev(warnings);
        network_free(network);
    }
    g_free(matrix);
    g_free(cities);
    g_free(places);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/places/long tables are by pair", long_tables_are_by_pair);
    g_test_add_func("/places/bad long tables are refused", bad_long_tables_are_refused);
    g_test_add_func("/places/rows are chosen and regions named", rows_are_chosen_and_regions_named);
    g_test_add_func("/places/gaps are filled by distance", gaps_are_filled_by_distance);
    g_test_add_func("/places/nothing is filled faster than light", nothing_is_filled_faster_than_light);
    g_test_add_func("/places/what cannot be filled is refused", what_cannot_be_filled_is_refused);
    g_test_add_func("/places/places agree with the model", places_agree_with_the_model);
    g_test_add_func("/places/rows are nodes", rows_are_nodes);
    g_test_add_func("/places/rows name regions", rows_name_regions);
    g_test_add_func("/places/rows are in the nearest region", rows_are_in_the_nearest_region);
    g_test_add_func("/places/distributions give shares", distributions_give_shares);
    g_test_add_func("/places/rates are of both ends", rates_are_of_both_ends);
    g_test_add_func("/places/bins are drawn", bins_are_drawn);
    g_test_add_func("/places/the city matrix loads", the_city_matrix_loads);
    return g_test_run();
}
