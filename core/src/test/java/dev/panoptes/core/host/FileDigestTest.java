package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One digest, whoever computes it. */
class FileDigestTest {
    @TempDir
    Path directory;

    @Test
    void itIsWhatJavaSays() throws IOException, NoSuchAlgorithmException {
        Path file = directory.resolve("f");
        try (FileDigest digest = new FileDigest()) {
            for (int size : new int[] {0, 1, 63, 64, 65, 1 << 18, (1 << 18) + 1, 1_000_000}) {
                byte[] bytes = new byte[size];
                new SplittableRandom(size).nextBytes(bytes);
                Files.write(file, bytes);
                assertThat(digest.sha256(file))
                        .isEqualTo(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
            }
        }
    }
}
