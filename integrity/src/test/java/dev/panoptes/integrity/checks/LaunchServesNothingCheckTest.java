package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.judging.Failure;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Of what is published, which programs serve nothing for certain, and which may. */
class LaunchServesNothingCheckTest {
    private final LaunchServesNothingCheck check = new LaunchServesNothingCheck();

    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root);
    }

    private FleetTree program(String file, String text) {
        String runner = file.endsWith(".py") ? "python" : file.endsWith(".sh") ? "sh" : "node";
        return tree.file("app/" + file, text.split("/"))
                .file("app/Dockerfile", "FROM debian:12", "COPY . .", "CMD [\"" + runner + "\", \"" + file + "\"]")
                .file("compose.yaml", "services: {app: {build: app, ports: ['8000:8000']}}");
    }

    /** A program, in which {@code /} ends a line, and what is told; nothing where it serves or is not followed. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "main.py | import os, sys/from time import sleep/print(os.name) | fail",
                "main.py | from collections.abc import Mapping/import json as j/print(j) | fail",
                "main.py | print('done') | fail",
                "main.py | import os, own/print(os.name) | unknown",
                "main.py | from own import thing/print(thing) | unknown",
                "main.py | own = __import__('own')/print(own) | unknown",
                "main.py | import os/exec(os.environ['CODE']) | unknown",
                "main.py | print('subprocess') | unknown",
                "main.py | print('socket') | unknown",
                "main.py | text = 'require(x)'/print(text) | fail",
                "main.js | console.log('done') | fail",
                "main.mjs | console.log('done') | fail",
                "main.cjs | console.log('done') | fail",
                "main.js | const own = require('./own');/own() | unknown",
                "main.mjs | import own from 'own';/own() | unknown",
                "main.js | import('own').then(own => own()) | unknown",
                "main.js | console.log('import os') | fail",
            })
    void onlyWhatUsesNothingElseServesNothingForCertain(String file, String text, String told)
            throws InterruptedException {
        program(file, text);
        assertThat(tree.verdicts(check))
                .containsExactly(
                        told.equals("fail")
                                ? "fail compose.yaml#app [compose.yaml#app, app/" + file + "]"
                                : "unknown compose.yaml#app: Whether app/" + file
                                        + " serves is not known: what it imports may");
    }

    @Test
    void whatServesOrIsNotPublishedIsNotJudged() throws InterruptedException {
        program("main.py", "import uvicorn/uvicorn.run('main:app', port=8000)");
        assertThat(tree.verdicts(check)).isEmpty();
        program("main.py", "from fastapi import FastAPI/app = FastAPI()");
        assertThat(tree.verdicts(check)).isEmpty();
        program("main.py", "print('done')").file("compose.yaml", "services: {app: {build: app}}");
        assertThat(tree.verdicts(check)).isEmpty();
        program("main.py", "print('done')").file("compose.yaml", "services: {other: {image: x}}");
        assertThat(tree.verdicts(check)).isEmpty();
    }

    @Test
    void whereItIsPublishedAndWhatServesNothingIsShown() throws InterruptedException {
        program("main.py", "print('done')");
        Failure failure = Verdicts.failure(check, tree.world(), "compose.yaml#app");
        assertThat(failure.title()).isEqualTo("compose.yaml#app publishes a port, but app/main.py serves nothing");
        assertThat(failure.evidence())
                .extracting(evidence -> evidence.file() + ":" + evidence.line() + " " + evidence.text())
                .containsExactly("compose.yaml:1 8000:8000", "app/main.py:0 binds no port");
    }
}
