/* SPDX-License-Identifier: MIT */
/* The hashes give the digests that their standards print, however a message is cut into pieces. */
#include "crypto/hash.h"

#include <glib.h>
#include <string.h>

static void assert_hex(const uint8_t *bytes, size_t length, const char *expected)
{
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < length; i++)
        g_string_append_printf(text, "%02x", bytes[i]);
    g_assert_cmpstr(text->str, ==, expected);
    g_string_free(text, TRUE);
}

/* RFC 7693, appendix A, and the first keyed digest of the BLAKE2 reference vectors (key 00..3f, empty message). */
static void blake2b_gives_published_digests(void)
{
    uint8_t digest[64], key[64];
    for (int i = 0; i < 64; i++)
        key[i] = (uint8_t)i;
    hash_blake2b(digest, 64, NULL, 0, &(struct hash_piece){"abc", 3}, 1);
    assert_hex(digest, 64,
               "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1"
               "7d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923");
    hash_blake2b(digest, 64, key, 64, NULL, 0);
    assert_hex(digest, 64,
               "10ebb67700b1868efb4417987acf4690ae9d972fb7a590c2f02871799aaa4786"
               "b5e996e8f0f4eb981fc214b005f42d2ff4233499391653df7aefcbc13fc51568");
    struct hash256 hash = hash_blake2b_256("abc", 3);
    assert_hex(hash.bytes, 32, "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319");
}

/* Every length from 1 to 64 is its own hash: RFC 7693 mixes the length in, so none is a prefix of another. */
static void blake2b_lengths_are_independent(void)
{
    uint8_t digest[2][64];
    for (size_t length = 1; length < 64; length++) {
        hash_blake2b(digest[0], length, NULL, 0, &(struct hash_piece){"abc", 3}, 1);
        hash_blake2b(digest[1], length + 1, NULL, 0, &(struct hash_piece){"abc", 3}, 1);
        if (length >= 4)
            g_assert_cmpint(memcmp(digest[0], digest[1], length), !=, 0);
    }
}

/* FIPS 180-4 examples: "abc" and the two-block message. */
static void sha2_gives_published_digests(void)
{
    const char *two_blocks = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    struct hash256 sha256 = hash_sha256("abc", 3);
    assert_hex(sha256.bytes, 32, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    sha256 = hash_sha256(two_blocks, strlen(two_blocks));
    assert_hex(sha256.bytes, 32, "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    sha256 = hash_sha256(NULL, 0);
    assert_hex(sha256.bytes, 32, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    struct hash512 sha512 = hash_sha512("abc", 3);
    assert_hex(sha512.bytes, 64,
               "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
               "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
}

/* A message of 300 bytes cut in three at every pair of places hashes as one. */
static void pieces_hash_as_if_joined(void)
{
    uint8_t message[300];
    for (size_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)(i * 7);
    struct hash256 blake = hash_blake2b_256(message, sizeof message), sha256 = hash_sha256(message, sizeof message);
    struct hash512 sha512 = hash_sha512(message, sizeof message);
    for (size_t first = 0; first <= sizeof message; first += 25)
        for (size_t second = first; second <= sizeof message; second += 25) {
            const struct hash_piece pieces[] = {
                {message, first}, {message + first, second - first}, {message + second, sizeof message - second}};
            struct hash256 blake_cut = hash_blake2b_256_pieces(pieces, 3), sha256_cut = hash_sha256_pieces(pieces, 3);
            struct hash512 sha512_cut = hash_sha512_pieces(pieces, 3);
            g_assert_true(hash256_equal(&blake, &blake_cut));
            g_assert_true(hash256_equal(&sha256, &sha256_cut));
            g_assert_cmpmem(sha512.bytes, 64, sha512_cut.bytes, 64);
        }
}

/* The order is that of big-endian numbers, and text reads back to the hash. */
static void hashes_compare_and_print(void)
{
    struct hash256 low = {{0, 255}}, high = {{1}}, read = {{9}};
    g_assert_cmpint(hash256_compare(&low, &high), <, 0);
    g_assert_cmpint(hash256_compare(&high, &low), >, 0);
    g_assert_cmpint(hash256_compare(&high, &high), ==, 0);
    g_assert_false(hash256_equal(&low, &high));

    char text[HASH256_HEX_SIZE];
    g_assert_cmpstr(hash256_hex(&low, text), ==, "00ff000000000000000000000000000000000000000000000000000000000000");
    g_assert_true(hash256_from_hex(&read, "00FF000000000000000000000000000000000000000000000000000000000000"));
    g_assert_true(hash256_equal(&read, &low));
    g_assert_false(hash256_from_hex(&read, "00ff"));
    g_assert_false(hash256_from_hex(&read, "00ff00000000000000000000000000000000000000000000000000000000000g"));
    g_assert_false(hash256_from_hex(&read, "00ff0000000000000000000000000000000000000000000000000000000000000"));
    g_assert_true(hash256_equal(&read, &low));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/hash/blake2b gives published digests", blake2b_gives_published_digests);
    g_test_add_func("/hash/blake2b lengths are independent", blake2b_lengths_are_independent);
    g_test_add_func("/hash/sha-2 gives published digests", sha2_gives_published_digests);
    g_test_add_func("/hash/pieces hash as if joined", pieces_hash_as_if_joined);
    g_test_add_func("/hash/hashes compare and print", hashes_compare_and_print);
    return g_test_run();
}
