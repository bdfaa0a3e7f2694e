/* SPDX-License-Identifier: MIT */
/*
 * A results directory written by hand, small enough to know every figure's data: four validators in two regions, twelve
 * seconds, a partition from 4 to 8 s, an orphan at height 2 (block 3) and a block that is not final when the run ends.
 */
#ifndef POSIM_TESTS_UNIT_RESULTS_BY_HAND_H
#define POSIM_TESTS_UNIT_RESULTS_BY_HAND_H

#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <zstd.h>

#define BY_HAND_BLOCKS                                                                                                 \
    "chain,block,parent,hash,height,slot,round,proposer,variant,proposed_s,size_bytes,transactions,status,on_main,"    \
    "first_final_s,last_final_s\n"                                                                                     \
    "0,1,0,0x01,1,0,0,0,0,0.000000000,1000,10,final,1,0.300000000,0.500000000\n"                                       \
    "0,2,1,0x02,2,0,0,1,0,1.000000000,1000,10,final,1,1.300000000,1.500000000\n"                                       \
    "0,3,1,0x03,2,0,0,2,0,1.200000000,1000,10,orphan,0,NA,NA\n"                                                        \
    "0,4,2,0x04,3,0,0,0,0,2.000000000,1000,10,final,1,2.300000000,2.600000000\n"                                       \
    "0,5,4,0x05,4,0,0,1,0,8.500000000,1000,10,final,1,8.900000000,9.100000000\n"                                       \
    "0,6,5,0x06,5,0,0,0,0,11.500000000,1000,10,pending,1,NA,NA\n"

#define BY_HAND_FINALITY                                                                                               \
    "chain,block,height,proposed_s,first_s,p50_s,p95_s,last_s,two_thirds_stake_s,nodes,expected_nodes,"                \
    "censored_nodes\n"                                                                                                 \
    "0,1,1,0.000000000,0.300000000,0.400000000,0.500000000,0.500000000,0.400000000,4,4,0\n"                            \
    "0,2,2,1.000000000,0.300000000,0.400000000,0.500000000,0.500000000,0.400000000,4,4,0\n"                            \
    "0,4,3,2.000000000,0.300000000,0.400000000,0.600000000,0.600000000,0.400000000,4,4,0\n"                            \
    "0,5,4,8.500000000,0.400000000,0.500000000,NA,NA,0.500000000,3,4,1\n"

#define BY_HAND_VALIDATORS                                                                                             \
    "chain,validator,name,node,region,corrupt,stake,stake_share,stake_end,jailed,proposed,final,leader_share,"         \
    "leader_share_lo,leader_share_hi,votes\n"                                                                          \
    "0,0,first_one,0,west,0,60,0.600000,60,0,3,2,0.500000,0,1,9\n"                                                     \
    "0,1,\"b, c\",1,east,0,20,0.200000,20,0,2,2,0.333333,0,1,9\n"                                                      \
    "0,2,NA,2,east,0,15,0.150000,15,0,1,0,0.166667,0,1,9\n"                                                            \
    "0,3,100%_$,3,west,1,5,0.050000,5,0,0,0,0.000000,0,1,9\n"

/* Block 3 is an orphan, so its bond counts for nothing; block 5 carries one that was refused. */
#define BY_HAND_STAKE                                                                                                  \
    "at_s,chain,block,validator,kind,before,after,jailed,applied\n"                                                    \
    "1.200000000,0,3,3,bond,5,95,0,1\n2.000000000,0,4,0,evidence,60,20,0,1\n"                                          \
    "8.500000000,0,5,3,bond,5,25,0,1\n8.500000000,0,5,1,unbond,20,0,0,0\n"                                             \
    "11.500000000,0,6,1,evidence,20,20,1,1\n"
/* Six proposals spread over four nodes, one of them not to the last; votes are not looked at where there are any. */
#define BY_HAND_COVERAGE                                                                                               \
    "chain,kind,share,messages,reached,stake_reached,nodes_p10_s,nodes_p50_s,nodes_p90_s,stake_p10_s,stake_p50_s,"     \
    "stake_p90_s\n"                                                                                                    \
    "0,vote,0.500000,40,40,40,0.001,0.002,0.003,0.001,0.002,0.003\n"                                                   \
    "0,proposal,0.250000,6,6,6,0.000000000,0.000000000,0.000000000,0.000000000,0.010000000,0.020000000\n"              \
    "0,proposal,0.750000,6,6,6,0.050000000,0.100000000,0.200000000,0.050000000,0.090000000,0.150000000\n"              \
    "0,proposal,1.000000,6,5,5,0.100000000,0.150000000,0.250000000,0.100000000,0.160000000,0.250000000\n"

/* What securing.csv says of those stakes. */
#define BY_HAND_SECURING                                                                                               \
    "at_s,chain,block,from_kind,from_id,from_name,corrupt,to_kind,to_id,to_name,stake,stake_share\n"                   \
    "0.000000000,0,0,region,0,west,0,node,0,NA,60,0.600000\n"                                                          \
    "0.000000000,0,0,region,1,east,0,node,1,NA,20,0.200000\n"                                                          \
    "0.000000000,0,0,region,1,east,0,node,2,NA,15,0.150000\n"                                                          \
    "0.000000000,0,0,region,0,west,0,node,3,NA,5,0.050000\n"                                                           \
    "0.000000000,0,0,node,0,NA,0,validator,0,first_one,60,0.600000\n"                                                  \
    "0.000000000,0,0,node,1,NA,0,validator,1,\"b, c\",20,0.200000\n"                                                   \
    "0.000000000,0,0,node,2,NA,0,validator,2,NA,15,0.150000\n"                                                         \
    "0.000000000,0,0,node,3,NA,1,validator,3,100%_$,5,0.050000\n"                                                      \
    "0.000000000,0,0,validator,0,first_one,0,chain,0,tendermint,60,0.600000\n"                                         \
    "0.000000000,0,0,validator,1,\"b, c\",0,chain,0,tendermint,20,0.200000\n"                                          \
    "0.000000000,0,0,validator,2,NA,0,chain,0,tendermint,15,0.150000\n"                                                \
    "0.000000000,0,0,validator,3,100%_$,1,chain,0,tendermint,5,0.050000\n"                                             \
    "2.000000000,0,4,region,0,west,0,node,0,NA,20,0.333333\n"                                                          \
    "2.000000000,0,4,node,0,NA,0,validator,0,first_one,20,0.333333\n"                                                  \
    "2.000000000,0,4,validator,0,first_one,0,chain,0,tendermint,20,0.333333\n"                                         \
    "8.500000000,0,5,region,0,west,0,node,3,NA,25,0.312500\n"                                                          \
    "8.500000000,0,5,node,3,NA,1,validator,3,100%_$,25,0.312500\n"                                                     \
    "8.500000000,0,5,validator,3,100%_$,1,chain,0,tendermint,25,0.312500\n"                                            \
    "11.500000000,0,6,region,1,east,0,node,1,NA,0,0.000000\n"                                                          \
    "11.500000000,0,6,node,1,NA,0,validator,1,\"b, c\",0,0.000000\n"                                                   \
    "11.500000000,0,6,validator,1,\"b, c\",0,chain,0,tendermint,0,0.000000\n"

#define BY_HAND_VOTES                                                                                                  \
    "chain,height,round,kind,votes,voters,nil,weight_share,first_s,p50_s,two_thirds_s,last_s,values\n"                 \
    "0,1,0,prevote,4,4,0,1.000000,0.100000000,0.100000000,0.100000000,0.100000000,1\n"                                 \
    "0,1,0,precommit,4,4,0,1.000000,0.200000000,0.200000000,0.200000000,0.200000000,1\n"                               \
    "0,4,0,prevote,3,3,0,0.950000,8.600000000,8.600000000,8.700000000,8.900000000,1\n"                                 \
    "0,5,0,prevote,1,1,0,0.050000,11.700000000,NA,NA,11.700000000,1\n"

#define BY_HAND_NETWORK                                                                                                \
    "chain,kind,messages,bytes,deliveries\n0,proposal,6,24000,24\n0,vote,40,12000,160\n0,request,0,0,0\n"

#define BY_HAND_INCIDENTS                                                                                              \
    "at_s,kind,name,detail,chain,node,validator\n"                                                                     \
    "4.000000000,fault_begins,split_1,partition,NA,NA,NA\n"                                                            \
    "5.000000000,crash,NA,node 3,NA,3,NA\n"                                                                            \
    "8.000000000,fault_ends,split_1,partition,NA,NA,NA\n"                                                              \
    "9.000000000,fault_begins,NA,crash,NA,NA,NA\n"                                                                     \
    "9.000000000,fault_ends,NA,crash,NA,NA,NA\n"

#define BY_HAND_CHAINS "chain,protocol,vote_kinds\n0,tendermint,prevote precommit\n"
#define BY_HAND_FINALS                                                                                                 \
    "at_s,chain,replica,node,block,stake,corrupt\n"                                                                    \
    "1.300000000,0,0,0,2,60,0\n1.400000000,0,1,1,2,20,0\n1.500000000,0,2,2,2,15,0\n"

/* Height 2: a proposal by node 1, which reaches all, and the votes of two nodes. */
#define BY_HAND_MESSAGES                                                                                               \
    "at_s,chain,message,kind,type,height,round,block,payload,sender,origin,size_bytes\n"                               \
    "0.100000000,0,0x00000000000000a0,vote,0,1,0,1,0x0,0,0,100\n"                                                      \
    "1.000000000,0,0x00000000000000a1,proposal,0,2,0,2,0x0,1,1,1000\n"                                                 \
    "1.100000000,0,0x00000000000000a2,vote,0,2,0,2,0x0,0,0,100\n"                                                      \
    "1.200000000,0,0x00000000000000a3,vote,1,2,0,2,0x0,2,2,100\n"

#define BY_HAND_ARRIVALS                                                                                               \
    "at_s,chain,message,replica,sent_s\n"                                                                              \
    "0.200000000,0,0x00000000000000a0,1,0.100000000\n"                                                                 \
    "1.000000000,0,0x00000000000000a1,1,1.000000000\n"                                                                 \
    "1.100000000,0,0x00000000000000a1,0,1.000000000\n"                                                                 \
    "1.150000000,0,0x00000000000000a1,2,1.000000000\n"                                                                 \
    "1.250000000,0,0x00000000000000a2,3,1.100000000\n"                                                                 \
    "1.300000000,0,0x00000000000000a3,0,1.200000000\n"

static inline void by_hand_write(const char *folder, const char *name, const char *text)
{
    char *path = g_build_filename(folder, name, NULL);
    size_t length = strlen(text);
    char *bytes = g_strdup(text);
    if (g_str_has_suffix(name, ".zst")) {
        size_t room = ZSTD_compressBound(length);
        char *packed = g_malloc(room);
        length = ZSTD_compress(packed, room, bytes, length, 3);
        g_free(bytes);
        bytes = packed;
    }
    g_assert_true(g_file_set_contents(path, bytes, (gssize)length, NULL));
    g_free(bytes);
    g_free(path);
}

static inline char *by_hand_run(const char *results, const char *run)
{
    char *folder = g_build_filename(results, "traces", run, NULL);
    g_assert_cmpint(g_mkdir_with_parents(folder, 0777), ==, 0);
    by_hand_write(folder, "blocks.csv", BY_HAND_BLOCKS);
    by_hand_write(folder, "finality.csv", BY_HAND_FINALITY);
    by_hand_write(folder, "validators.csv", BY_HAND_VALIDATORS);
    by_hand_write(folder, "stake.csv", BY_HAND_STAKE);
    by_hand_write(folder, "securing.csv", BY_HAND_SECURING);
    by_hand_write(folder, "votes.csv", BY_HAND_VOTES);
    by_hand_write(folder, "coverage.csv", BY_HAND_COVERAGE);
    by_hand_write(folder, "network.csv", BY_HAND_NETWORK);
    by_hand_write(folder, "incidents.csv", BY_HAND_INCIDENTS);
    by_hand_write(folder, "chains.csv", BY_HAND_CHAINS);
    by_hand_write(folder, "finals.csv", BY_HAND_FINALS);
    by_hand_write(folder, "messages.csv.zst", BY_HAND_MESSAGES);
    by_hand_write(folder, "arrivals.csv.zst", BY_HAND_ARRIVALS);
    return folder;
}

/* A new directory with `runs` such runs of point 0; by_hand_remove it. */
static inline char *by_hand_results(int runs)
{
    char *results = g_dir_make_tmp("posim-results-XXXXXX", NULL);
    GString *table = g_string_new("point,replication,seed,status,stopped,events,simulated_s\n");
    for (int r = 0; r < runs; r++) {
        char *name = g_strdup_printf("0-%d", r);
        g_free(by_hand_run(results, name));
        g_free(name);
        g_string_append_printf(table, "0,%d,0x000000000000002a,fine,duration,100,12\n", r);
    }
    by_hand_write(results, "runs.csv", table->str);
    g_string_free(table, TRUE);
    return results;
}

static inline void by_hand_remove(char *folder)
{
    GDir *listing = g_dir_open(folder, 0, NULL);
    for (const char *name; listing && (name = g_dir_read_name(listing));) {
        char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            by_hand_remove(path);
        } else {
            g_unlink(path);
            g_free(path);
        }
    }
    if (listing)
        g_dir_close(listing);
    g_rmdir(folder);
    g_free(folder);
}

#endif
