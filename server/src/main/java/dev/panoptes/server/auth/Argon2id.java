package dev.panoptes.server.auth;

import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.FixedBlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/**
 * Argon2id, version 19, with one lane (RFC 9106). It keeps the memory that it fills and fills it again for the next password:
 * 19 MiB of new objects for each are what makes a storm of logins stop the whole program in its garbage collector (ADR 150).
 * One instance serves one thread.
 */
final class Argon2id {
    private static final int LANES = 1;

    private int pooledKib;
    private @Nullable FixedBlockPool pool;

    /**
     * @param memoryKib at least 8
     * @param passes at least 1
     * @param length of the result in bytes, at least 4
     */
    byte[] hash(byte[] password, byte[] salt, int memoryKib, int passes, int length) {
        FixedBlockPool blocks = pool;
        if (blocks == null || pooledKib != memoryKib) {
            blocks = new FixedBlockPool(Argon2BytesGenerator.getBlockCount(memoryKib, LANES));
            pool = blocks;
            pooledKib = memoryKib;
        }
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withParallelism(LANES)
                .withMemoryAsKB(memoryKib)
                .withIterations(passes)
                .withSalt(salt)
                .withBlockPool(blocks)
                .build());
        byte[] hash = new byte[length];
        generator.generateBytes(password, hash);
        return hash;
    }
}
