package dev.panoptes.core.host;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which file an interpreter takes for what it was told. */
class ScriptSourceTest {
    @TempDir
    Path root;

    @ParameterizedTest
    @CsvSource({
        "node, ., /opt/a, /opt/a/server.js",
        "node, a, /opt, /opt/a/server.js",
        "node, index, /opt/b, /opt/b/index.js",
        "node, b, /opt, /opt/b/index.js",
        "node, server, /opt/a, /opt/a/server.js",
        "node, c, /opt, /srv/evil.js",
        "python3, ., /opt/p, /opt/p/__main__.py",
        "python3, p, /opt, /opt/p/__main__.py",
        "python3, x.pyz, /opt/p, /opt/p/x.pyz",
    })
    void aFolderIsWhatTheInterpreterTakesOfIt(String interpreter, String told, String cwd, String real)
            throws IOException {
        write("opt/a/package.json", "{\"name\": \"a\",\n \"main\" : \"server\"}");
        write("opt/a/server.js", "");
        write("opt/a/index.js", "");
        write("opt/b/package.json", "{\"scripts\": {\"start\": \"node x.js\"}}");
        write("opt/b/index.js", "");
        write("opt/c/package.json", "{\"main\": \"../../srv/evil.js\"}");
        write("srv/evil.js", "");
        write("opt/p/__main__.py", "");
        write("opt/p/x.pyz", "");
        assertThat(real(interpreter, told, cwd)).isEqualTo(real);
    }

    @Test
    void aFolderThatSaysNothingIsNoScript() throws IOException {
        write("opt/a/lib.js", "");
        assertThat(real("node", ".", "/opt/a")).isNull();
        assertThat(real("python3", ".", "/opt/a")).isNull();
    }

    private String real(String interpreter, String told, String cwd) {
        Script script = ScriptParser.parse("/usr/bin/" + interpreter, List.of(interpreter, told), cwd);
        return new ScriptSource(new HostFiles(root)).resolve(script).real();
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
