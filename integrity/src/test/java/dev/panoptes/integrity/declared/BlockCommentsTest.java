package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What counts as a comment between a slash with a star and a star with a slash. */
class BlockCommentsTest {
    @Test
    void commentsGoAndLinesStay() {
        assertThat(BlockComments.blanked("a /* one */ b /** two\n * three\n */c\n"))
                .isEqualTo("a  b \n\nc\n");
    }

    @Test
    void patternsOfPathsAreNoComments() {
        String routes = "app.use('/api/*', a);\napp.use(\"/v1/**/x\", b);\napp.listen(3000); // */";
        assertThat(BlockComments.blanked(routes)).isEqualTo(routes);
    }

    @Test
    void whatDoesNotEndIsKept() {
        assertThat(BlockComments.blanked("a /* b")).isEqualTo("a /* b");
        assertThat(BlockComments.blanked("a /*/ b */ c")).isEqualTo("a /*/ b */ c");
        String far = "/* a" + "\n".repeat(30_000) + "*/";
        assertThat(BlockComments.blanked(far)).isEqualTo(far);
    }

    @Test
    void beginningsWithoutEndTakeNoLonger() {
        String text = "/* ".repeat(600_000) + "x */";
        assertTimeoutPreemptively(
                Duration.ofSeconds(20),
                () -> assertThat(BlockComments.blanked(text)).endsWith("/* "));
    }
}
