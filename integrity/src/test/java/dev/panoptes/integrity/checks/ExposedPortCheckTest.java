package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExposedPortCheckTest {
    private static final String UVICORN =
            "CMD [\"uvicorn\", \"main:app\", \"--host\", \"0.0.0.0\", \"--port\", \"8014\"]";

    @TempDir
    private Path root;

    private FleetTree tree;
    private final ExposedPortCheck check = new ExposedPortCheck();

    @BeforeEach
    void plant() {
        tree = new FleetTree(root);
    }

    private void image(String name, String... lines) {
        String[] dockerfile = new String[lines.length + 2];
        dockerfile[0] = "FROM python:3.12";
        dockerfile[1] = "COPY . .";
        System.arraycopy(lines, 0, dockerfile, 2, lines.length);
        tree.file(name + "/Dockerfile", dockerfile)
                .file(name + "/main.py", "from fastapi import FastAPI", "app = FastAPI()");
    }

    @Test
    void whatIsExposedIsComparedWithTheProgramHoweverItIsStarted() throws InterruptedException {
        image("right", "EXPOSE 8014/tcp 53/udp", UVICORN);
        image("wrong", "EXPOSE 80", UVICORN);
        image("moved", "EXPOSE 80", UVICORN);
        image("silent", "EXPOSE 53/udp", UVICORN);
        image("debugged", "EXPOSE 8014 5678", UVICORN);
        tree.file("compose.yaml", "services:", "  a: {build: moved, command: uvicorn main:app --port 80}");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "fail wrong/Dockerfile [wrong, wrong/Dockerfile]",
                        "pass debugged/Dockerfile",
                        "pass moved/Dockerfile",
                        "pass right/Dockerfile");
        assertThat(tree.accusations())
                .contains("exposed-port: wrong/Dockerfile exposes 80, its program listens on 8014");
    }

    @Test
    void whatCannotBeToldIsUnknown() throws InterruptedException {
        image("computed", "ARG P", "EXPOSE $P", UVICORN);
        image("several", "EXPOSE 8014 9000", UVICORN);
        image("gone", "EXPOSE 80", "CMD [\"python\", \"gone.py\"]");
        tree.file("base/Dockerfile", "FROM company/server:1", "EXPOSE 80")
                .file("web/Dockerfile", "FROM nginx", "EXPOSE 80 81");
        assertThat(tree.verdicts(check))
                .containsExactly(
                        "unknown base/Dockerfile: Whether the ports that EXPOSE names are bound is not known: its base"
                                + " image decides what it starts",
                        "unknown computed/Dockerfile: Whether the ports that EXPOSE names are bound is not known:"
                                + " EXPOSE names a variable that the build has to set",
                        "unknown gone/Dockerfile: Whether the ports that EXPOSE names are bound is not known: what its"
                                + " Dockerfile starts does not exist",
                        "unknown several/Dockerfile: Whether the ports that EXPOSE names are bound is not known:"
                                + " nothing is seen to listen on all of them",
                        "unknown web/Dockerfile: Whether the ports that EXPOSE names are bound is not known: what is"
                                + " built on its base image may say another port");
    }

    @Test
    void nothingIsSaidWithoutATree() throws InterruptedException {
        assertThat(tree.verdicts(check)).isEmpty();
    }
}
