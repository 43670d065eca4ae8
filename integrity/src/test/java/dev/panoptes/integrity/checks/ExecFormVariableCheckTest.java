package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.CheckResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In which line the words stand that no shell reads. */
class ExecFormVariableCheckTest {
    private final ExecFormVariableCheck check = new ExecFormVariableCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    /** {@code pass SUBJECT}, or {@code SUBJECT: word at FILE:LINE}. */
    private List<String> verdicts() throws InterruptedException {
        return check.run(tree.world()).stream()
                .map(result -> switch (result) {
                    case CheckResult.Pass(String subject) -> "pass " + subject;
                    case CheckResult.Fail(var failure) ->
                        failure.title().replace("The command of ", "").replace(" as it is written", "") + " at "
                                + failure.evidence().getFirst().file() + ":"
                                + failure.evidence().getFirst().line();
                    case CheckResult.Unknown(String subject, String reason) -> "unknown " + subject;
                })
                .sorted()
                .toList();
    }

    private ExecFormVariableCheckTest image(String... lines) {
        tree.file("app/Dockerfile", "FROM python:3.12\n" + String.join("\n", lines));
        return this;
    }

    private ExecFormVariableCheckTest service(String... lines) {
        tree.file("compose.yaml", "services:\n  app:\n    build: app\n    " + String.join("\n    ", lines));
        return this;
    }

    @Test
    void ofAnImageTheInstructionThatHoldsTheWordIsShown() throws InterruptedException {
        image("ENTRYPOINT [\"serve\", \"$A\"]", "CMD [\"--port\", \"80\"]");
        assertThat(verdicts()).containsExactly("app/Dockerfile passes $A at app/Dockerfile:2");
        image("ENTRYPOINT [\"serve\"]", "CMD [\"--port\", \"$B\"]");
        assertThat(verdicts()).containsExactly("app/Dockerfile passes $B at app/Dockerfile:3");
        image("ENTRYPOINT [\"serve\", \"$A\"]");
        assertThat(verdicts()).containsExactly("app/Dockerfile passes $A at app/Dockerfile:2");
        image("ENTRYPOINT [\"serve\"]");
        assertThat(verdicts()).containsExactly("pass app/Dockerfile");
        image("HEALTHCHECK CMD [\"probe\", \"$C\"]");
        assertThat(verdicts()).containsExactly("app/Dockerfile passes $C at app/Dockerfile:2");
        image("HEALTHCHECK CMD [\"probe\", \"c\"]");
        assertThat(verdicts()).containsExactly("pass app/Dockerfile");
    }

    @Test
    void whatAShellReadsIsNotJudged() throws InterruptedException {
        image("ENTRYPOINT serve $A", "CMD [\"$B\"]");
        assertThat(verdicts()).as("a shell's entrypoint takes no words").isEmpty();
        image("CMD serve $A");
        assertThat(verdicts()).isEmpty();
        image("RUN true");
        assertThat(verdicts()).isEmpty();
    }

    @Test
    void ofAServiceItsOwnWordsReplaceThoseOfItsImage() throws InterruptedException {
        image("CMD [\"serve\", \"$A\"]");
        service("command: [serve, '80']");
        assertThat(verdicts()).containsExactly("pass compose.yaml#app");
        service("command: [serve, '$$B']");
        assertThat(verdicts()).containsExactly("compose.yaml#app passes $B at compose.yaml:4");
        service("entrypoint: [serve, '80']");
        assertThat(verdicts()).containsExactly("pass compose.yaml#app");
        service("entrypoint: [serve, '$$B']");
        assertThat(verdicts()).containsExactly("compose.yaml#app passes $B at compose.yaml:4");
        service("restart: always");
        assertThat(verdicts()).containsExactly("app/Dockerfile passes $A at app/Dockerfile:2");
    }

    @Test
    void ofAServiceThatReplacesOnlyTheWordsTheEntrypointIsTheImages() throws InterruptedException {
        image("ENTRYPOINT [\"serve\", \"$A\"]");
        service("command: ['80']");
        assertThat(verdicts()).containsExactly("compose.yaml#app passes $A at app/Dockerfile:2");
        image("ENTRYPOINT serve");
        service("command: ['$$B']");
        assertThat(verdicts()).as("a shell's entrypoint takes no words").isEmpty();
        service("entrypoint: [serve]", "command: ['$$B']");
        assertThat(verdicts()).containsExactly("compose.yaml#app passes $B at compose.yaml:5");
    }

    @Test
    void aHealthCheckOfOneWordIsReadByNoShell() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  one: {image: x, healthcheck: {test: [CMD, './probe-$$PORT']}}",
                "  none: {image: x, healthcheck: {test: [CMD]}}",
                "  shell: {image: x, healthcheck: {test: [CMD-SHELL, './probe-$$PORT']}}",
                "  open: {image: x, healthcheck: {test: [CMD, probe, '${PORT}']}}");
        assertThat(verdicts())
                .containsExactly("compose.yaml#one passes $PORT at compose.yaml:2", "pass compose.yaml#open");
    }
}
