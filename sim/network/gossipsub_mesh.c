/* SPDX-License-Identifier: MIT */
/*
 * Meshes of gossipsub. Before the run they are made by heartbeats of the rules for grafting and pruning until nothing
 * changes. In the run they change only where the timetable takes nodes down: a broken connection leaves the mesh at
 * once, at both ends; at its next heartbeat a node with fewer than D_low peers grafts others, and one with more than
 * D_high prunes some (v1.0, section Mesh Maintenance), which are not grafted again for a while (v1.1, section PRUNE
 * Backoff and Peer Exchange). Who is back joins at once (v1.0, section Topic Membership).
 *
 * Who grafts or prunes has done so when it sends GRAFT or PRUNE; its peer does when that arrives, by the link's delay
 * and through queues and faults like any other control message (v1.0, section Control Messages). What arrives after a
 * connection broke, or after its sender thought better of it, does nothing. A GRAFT from a peer that is still backed
 * off is answered with PRUNE, and the back-off begins anew (v1.1, the same section).
 *
 * Where an outage loses nothing (`drop: off`), connections stall and do not break, so that neither end forgets the
 * other. Peers do without the node meanwhile, but the links to it are `owed`: they carry what the mesh would have,
 * which waits for the node. As soon as both ends are up they are in each other's mesh as before, with no GRAFT: until
 * that arrived the peer would send nothing, and after it tell nothing either, as IHAVE is for those outside the mesh.
 *
 * DEVIATION: there are no scores, and so no quotas. A GRAFT or PRUNE that faults drop is not sent again, as it would be
 * on a reliable stream: the two ends differ until one of them changes its mind.
 */
#include "network/carrier_inside.h"

#define ROUNDS_MOST   100u
#define CONTROL_BYTES 20u /* of GRAFT and PRUNE: topic and framing */

static const struct relay_gossipsub_params *params_of(const struct carrier *carrier)
{
    return &carrier->plan->params.gossipsub;
}

uint32_t gossipsub_mesh_degree(const struct carrier *carrier, node_id node)
{
    const struct graph *graph = carrier->graph;
    uint32_t degree = 0;
    for (uint32_t link = graph->first[node]; link < graph->first[node + 1]; link++)
        degree += node_bit(carrier->mesh.in, link);
    return degree;
}

static uint32_t back_of(const struct carrier *carrier, uint32_t link)
{
    return carrier_link(carrier, carrier->graph->links[link].to, carrier->graph->links[link].from);
}

static void put_bit(uint64_t *bits, uint32_t place, bool on)
{
    if (on)
        node_bit_set(bits, place);
    else
        node_bit_clear(bits, place);
}

/* Not to who is down, nor to who pruned it, or was pruned, a short while ago. */
static bool may_graft(const struct carrier *carrier, uint32_t link)
{
    const struct gossipsub_mesh *mesh = &carrier->mesh;
    return !mesh->down || (!node_bit(mesh->down, carrier->graph->links[link].to) &&
                           mesh->backoff_until_ns[link] <= carrier_now(carrier));
}

static void back_off(struct carrier *carrier, uint32_t link)
{
    carrier->mesh.backoff_until_ns[link] = time_add(carrier_now(carrier), params_of(carrier)->prune_backoff_ns);
}

/* A node takes a peer into its mesh or out of it, and tells it; before the run the peer does the same at once. */
static void change_link(struct carrier *carrier, uint32_t link, bool in)
{
    put_bit(carrier->mesh.in, link, in);
    if (!carrier->mesh.down) {
        put_bit(carrier->mesh.in, back_of(carrier, link), in);
        return;
    }
    if (!in)
        back_off(carrier, link);
    transfer_upkeep(carrier, in ? CARRIER_GRAFT : CARRIER_PRUNE, link, CONTROL_BYTES);
}

/* Grafts (`in`) or prunes up to `wanted` peers, in an order drawn under `key`; whether it changed anything. */
static bool change(struct carrier *carrier, node_id node, uint64_t key, bool in, uint32_t wanted)
{
    uint32_t changed = 0;
    uint32_t count = relay_pick_links(carrier, key, node, ID_NONE, PICK_MIXED);
    for (uint32_t i = 0; i < count && changed < wanted; i++) {
        uint32_t link = carrier->picked.at[i];
        if (node_bit(carrier->mesh.in, link) == in || (in && !may_graft(carrier, link)) ||
            carrier_link(carrier, node, carrier->graph->links[link].to) != link) /* a second link to the same peer */
            continue;
        change_link(carrier, link, in);
        changed++;
    }
    return changed;
}

static bool maintain(struct carrier *carrier, node_id node, uint64_t key, bool first)
{
    const struct relay_gossipsub_params *params = params_of(carrier);
    uint32_t degree = gossipsub_mesh_degree(carrier, node);
    if (degree > params->degree_high)
        return change(carrier, node, key, false, degree - (uint32_t)params->degree);
    if (degree < params->degree_low || (first && degree < params->degree))
        return change(carrier, node, key, true, (uint32_t)params->degree - degree);
    return false;
}

/* ---- the run ---- */

/* Keys of draws in the run: by the time, far from those of messages' ids and of rounds before it. */
static uint64_t key_of_now(const struct carrier *carrier)
{
    return UINT64_MAX / 4 + (uint64_t)carrier_now(carrier);
}

/* Whether it lacks peers that it may graft a little later. */
static bool waits_for_backoff(const struct carrier *carrier, node_id node)
{
    const struct graph *graph = carrier->graph;
    const struct gossipsub_mesh *mesh = &carrier->mesh;
    if (gossipsub_mesh_degree(carrier, node) >= params_of(carrier)->degree_low)
        return false;
    for (uint32_t link = graph->first[node]; link < graph->first[node + 1]; link++)
        if (!node_bit(mesh->in, link) && !node_bit(mesh->down, graph->links[link].to) &&
            mesh->backoff_until_ns[link] > carrier_now(carrier))
            return true;
    return false;
}

bool gossipsub_mesh_maintain(struct carrier *carrier, node_id node)
{
    if (!carrier->mesh.down || node_bit(carrier->mesh.down, node))
        return false;
    maintain(carrier, node, key_of_now(carrier), false);
    return waits_for_backoff(carrier, node);
}

/* Whether it gets, when it is up, what it is sent now. */
static bool is_held(const struct carrier *carrier, node_id node)
{
    return reception_when_up(carrier, node, carrier_now(carrier)) != TIME_NEVER;
}

static void leave(struct carrier *carrier, node_id node)
{
    const struct graph *graph = carrier->graph;
    struct gossipsub_mesh *mesh = &carrier->mesh;
    bool held = is_held(carrier, node);
    node_bit_set(mesh->down, node);
    put_bit(mesh->lost, node, !held);
    for (uint32_t link = graph->first[node]; link < graph->first[node + 1]; link++) {
        uint32_t back = back_of(carrier, link);
        if (!node_bit(mesh->in, link) && !node_bit(mesh->in, back) && !node_bit(mesh->owed, link))
            continue;
        put_bit(mesh->in, link, false);
        put_bit(mesh->in, back, false);
        put_bit(mesh->owed, back, held);
        put_bit(mesh->owed, link, held && node_bit(mesh->owed, link)); /* to a peer that is down, too */
        if (gossipsub_mesh_degree(carrier, graph->links[link].to) < params_of(carrier)->degree_low)
            gossipsub_unsettle(carrier, graph->links[link].to);
    }
}

/* Both ends of a link that had stalled are up: they are in each other's mesh as before. */
static void resume(struct carrier *carrier, uint32_t link)
{
    struct gossipsub_mesh *mesh = &carrier->mesh;
    uint32_t back = back_of(carrier, link);
    node_id peer = carrier->graph->links[link].to;
    node_bit_clear(mesh->owed, link);
    node_bit_clear(mesh->owed, back);
    node_bit_set(mesh->in, link);
    node_bit_set(mesh->in, back);
    if (gossipsub_mesh_degree(carrier, peer) > params_of(carrier)->degree_high)
        gossipsub_unsettle(carrier, peer);
}

static void join(struct carrier *carrier, node_id node)
{
    const struct graph *graph = carrier->graph;
    struct gossipsub_mesh *mesh = &carrier->mesh;
    node_bit_clear(mesh->down, node);
    node_bit_clear(mesh->lost, node);
    for (uint32_t link = graph->first[node]; link < graph->first[node + 1]; link++) {
        if (node_bit(mesh->owed, back_of(carrier, link)) && !node_bit(mesh->down, graph->links[link].to))
            resume(carrier, link);
        if (gossipsub_mesh_degree(carrier, graph->links[link].to) < params_of(carrier)->degree_low)
            gossipsub_unsettle(carrier, graph->links[link].to);
    }
    maintain(carrier, node, key_of_now(carrier), true);
}

static void change_outage(struct carrier *carrier, node_id node)
{
    bool was_down = node_bit(carrier->mesh.down, node);
    bool is_down = faults_down(&carrier->network->faults, node, carrier_now(carrier));
    if (is_down && !was_down)
        leave(carrier, node);
    else if (!is_down && was_down)
        join(carrier, node);
}

/* Along that link: the node is in its peer's mesh, and takes the peer into its own. */
static void take_graft(struct carrier *carrier, uint32_t link)
{
    struct gossipsub_mesh *mesh = &carrier->mesh;
    uint32_t back = back_of(carrier, link);
    node_id node = carrier->graph->links[link].to;
    if (!node_bit(mesh->in, link) || node_bit(mesh->in, back))
        return;
    if (mesh->backoff_until_ns[back] > carrier_now(carrier)) {
        change_link(carrier, back, false);
        return;
    }
    node_bit_set(mesh->in, back);
    if (gossipsub_mesh_degree(carrier, node) > params_of(carrier)->degree_high)
        gossipsub_unsettle(carrier, node);
}

static void take_prune(struct carrier *carrier, uint32_t link)
{
    struct gossipsub_mesh *mesh = &carrier->mesh;
    uint32_t back = back_of(carrier, link);
    node_id node = carrier->graph->links[link].to;
    if (node_bit(mesh->in, link) || node_bit(mesh->down, carrier->graph->links[link].from))
        return;
    node_bit_clear(mesh->in, back);
    back_off(carrier, back);
    if (gossipsub_mesh_degree(carrier, node) < params_of(carrier)->degree_low)
        gossipsub_unsettle(carrier, node);
}

void gossipsub_mesh_land(struct carrier *carrier, const struct clock_item *item)
{
    if (item->kind == CARRIER_GRAFT)
        take_graft(carrier, (uint32_t)item->data);
    else if (item->kind == CARRIER_PRUNE)
        take_prune(carrier, (uint32_t)item->data);
    else
        change_outage(carrier, item->where);
}

static void schedule_outages(struct carrier *carrier)
{
    const struct faults *faults = &carrier->network->faults;
    for (node_id node = 0; node < carrier->node_count; node++)
        for (uint32_t i = 0; i < faults->outages[node].count; i++) {
            const struct outage *outage = &faults->outages[node].at[i];
            carrier_schedule_plain(carrier, outage->from_ns, CARRIER_MESH, node, 0);
            if (outage->until_ns != TIME_NEVER)
                carrier_schedule_plain(carrier, outage->until_ns, CARRIER_MESH, node, 0);
        }
}

void gossipsub_mesh_set_up(struct carrier *carrier)
{
    uint32_t links = carrier->graph->link_count;
    carrier->mesh = (struct gossipsub_mesh){.in = g_new0(uint64_t, node_words(links))};
    bool changed = true;
    for (uint32_t round = 0; changed && round < ROUNDS_MOST; round++) {
        changed = false;
        for (node_id node = 0; node < carrier->all_count; node++)
            changed |= maintain(carrier, node, UINT64_MAX - round, round == 0);
    }
    if (!carrier->network->faults.outages)
        return;
    carrier->mesh.down = g_new0(uint64_t, node_words(carrier->all_count));
    carrier->mesh.lost = g_new0(uint64_t, node_words(carrier->all_count));
    carrier->mesh.owed = g_new0(uint64_t, node_words(links));
    carrier->mesh.backoff_until_ns = g_new0(time_ns, links);
    schedule_outages(carrier);
}

void gossipsub_mesh_release(struct gossipsub_mesh *mesh)
{
    g_free(mesh->in);
    g_free(mesh->down);
    g_free(mesh->lost);
    g_free(mesh->owed);
    g_free(mesh->backoff_until_ns);
}
