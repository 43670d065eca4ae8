package dev.panoptes.integrity.observed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandMaskTest {
    @Test
    void secretsOfEveryShapeAreHidden() {
        assertThat(CommandMask.mask(List.of(
                        "python3",
                        "x.py",
                        "--token",
                        "abc",
                        "--api-key=def",
                        "-password",
                        "ghi",
                        "DB_PASSWORD=jkl",
                        "http://me:mno@db/x",
                        "--keyfile",
                        "pqr",
                        "--token",
                        "--port",
                        "8014")))
                .containsExactly(
                        "python3",
                        "x.py",
                        "--token",
                        "***",
                        "--api-key=***",
                        "-password",
                        "***",
                        "DB_PASSWORD=***",
                        "http://***@db/x",
                        "--keyfile",
                        "***",
                        "--token",
                        "--port",
                        "8014");
    }

    @Test
    void longCommandLinesAreCut() {
        assertThat(CommandMask.mask(Collections.nCopies(1_000, "x")))
                .hasSize(65)
                .endsWith("...");
        assertThat(CommandMask.mask(List.of("x".repeat(10_000))).getFirst()).hasSize(403);
    }
}
