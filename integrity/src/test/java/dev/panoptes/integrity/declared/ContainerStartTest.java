package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.PortValue;
import dev.panoptes.code.command.StartCommand;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What ENTRYPOINT and CMD start together, after the table of the Dockerfile reference. */
class ContainerStartTest {
    private static Invocation exec(String... words) {
        return new Invocation(List.of(words), false, "Dockerfile", words.length);
    }

    private static Invocation shell(String line) {
        return new Invocation(List.of(line), true, "Dockerfile", 7);
    }

    private static StartCommand of(Invocation entrypoint, Invocation command) {
        return ContainerStart.of(entrypoint, command, Map.of("PORT", "8100"));
    }

    @Test
    void theCommandAloneOrTheEntrypointAlone() {
        assertThat(of(null, null)).isNull();
        assertThat(of(exec(), exec())).isNull();
        assertThat(of(null, exec("python", "main.py")).module()).isEqualTo("main.py");
        assertThat(of(exec(), exec("python", "main.py")).module()).isEqualTo("main.py");
        assertThat(of(exec("python", "main.py"), null).module()).isEqualTo("main.py");
        assertThat(of(exec("python", "main.py"), exec()).line()).isEqualTo(2);
        assertThat(of(null, shell("exec python main.py --port 8200")).port())
                .isEqualTo(new PortValue.Known(8200, null));
    }

    @Test
    void theCommandIsPassedToTheEntrypoint() {
        StartCommand both = of(exec("python"), exec("main.py", "--port", "8300"));
        assertThat(both.module()).isEqualTo("main.py");
        assertThat(both.port()).isEqualTo(new PortValue.Known(8300, null));
        assertThat(both.line()).isEqualTo(3);
        assertThat(of(exec("python"), shell("main.py")).text()).isEqualTo("python /bin/sh -c main.py");
    }

    @Test
    void anEntrypointInShellFormTakesNoCommand() {
        assertThat(of(shell("python main.py"), exec("other.py")).text()).isEqualTo("python main.py");
    }

    @Test
    void aScriptAsEntrypointStartsTheCommandInTheEnd() {
        StartCommand prepared = of(exec("/entrypoint.sh"), exec("uvicorn", "main:app", "--port", "8400"));
        assertThat(prepared.module()).isEqualTo("main:app");
        assertThat(prepared.port()).isEqualTo(new PortValue.Known(8400, null));
        assertThat(prepared.text()).isEqualTo("/entrypoint.sh uvicorn main:app --port 8400");
        assertThat(of(exec("sh", "/entrypoint.sh"), exec("python", "main.py")).module())
                .isEqualTo("main.py");
        assertThat(of(exec("/usr/local/bin/prepare"), exec("own-tool")).runner())
                .isNull();
        assertThat(of(exec("sh", "/entrypoint.sh"), exec("own-tool")).module()).isEqualTo("/entrypoint.sh");
        assertThat(of(exec("sh", "/entrypoint.sh"), exec("own-tool", "--port", "8500"))
                        .port())
                .isEqualTo(new PortValue.Known(8500, null));
        // An interpreter as entrypoint runs the script, whatever the command is.
        assertThat(of(exec("python", "run.py"), exec("uvicorn", "main:app")).module())
                .isEqualTo("run.py");
    }

    @Test
    void aVariableThatTheFileLeavesOpenIsNotTakenFromTheContainer() {
        List<String> words = List.of("uvicorn", "main:app", "--port", "$PORT");
        Invocation open = new Invocation(words, words, false, Set.of("PORT"), "compose.yaml", 3);
        assertThat(of(null, open).port()).isInstanceOf(PortValue.Unresolved.class);
        assertThat(of(exec("env"), open).port()).isInstanceOf(PortValue.Unresolved.class);
        assertThat(of(null, shell("uvicorn main:app --port $PORT")).port())
                .isEqualTo(new PortValue.Known(8100, "PORT"));
        Invocation other = new Invocation(words, words, false, Set.of("HOST"), "compose.yaml", 3);
        assertThat(ContainerStart.of(null, other, Map.of("PORT", "8100", "HOST", "::1"))
                        .port())
                .as("the others are")
                .isEqualTo(new PortValue.Known(8100, "PORT"));
        assertThat(ContainerStart.of(null, open, Map.of("HOST", "::1")).port())
                .isInstanceOf(PortValue.Unresolved.class);
    }
}
