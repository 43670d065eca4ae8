package dev.panoptes.integrity.checks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.integrity.adopt.TreeAdoption;
import dev.panoptes.integrity.world.World;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services of which no start runs both, or that publish on different addresses, are in nobody's way. */
class AlternativesTest {
    @TempDir
    private Path root;

    private FleetTree tree;

    @BeforeEach
    void begin() {
        tree = new FleetTree(root).agents("a", "http://localhost:9000", "b", "http://localhost:9000");
    }

    private List<String> verdicts() throws InterruptedException {
        return tree.verdicts(new PortConflictCheck());
    }

    private TreeAdoption.Found adopted() throws InterruptedException {
        World world = tree.world();
        return TreeAdoption.of(world.declarations(), world.links().launches().all());
    }

    @Test
    void agentsOfDisjointProfilesShareAPort() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, profiles: [cpu], ports: ['9000:9000']}",
                "  b: {image: x, profiles: [gpu], ports: ['9000:9000']}");
        assertThat(verdicts()).containsExactly("pass 9000");
        assertThat(adopted().agents()).hasSize(1);
        assertThat(adopted().unexplained())
                .containsExactly("compose.yaml#b: it is run instead of compose.yaml#a, which has port 9000");
    }

    @Test
    void agentsOfOneStartDoNot() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, profiles: [cpu], ports: ['9000:9000']}",
                "  b: {image: x, profiles: [cpu], ports: ['9000:9000']}");
        assertThat(verdicts()).containsExactly("fail 9000 [a, b]");
        assertThat(adopted().agents()).hasSize(2);
    }

    @Test
    void aThirdThatMeetsOneOfTwoAlternativesIsToldWithIt() throws InterruptedException {
        tree.agents("a", "http://localhost:9000", "b", "http://localhost:9000", "c", "http://localhost:9000");
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, profiles: [cpu], ports: ['9000:9000']}",
                "  b: {image: x, profiles: [gpu], ports: ['9000:9000']}",
                "  c: {image: x, profiles: [cpu], ports: ['9000:9000']}");
        assertThat(verdicts()).containsExactly("fail 9000 [a, c]");
    }

    @Test
    void filesOfOneFolderThatNothingJoinsAreAlternatives() throws InterruptedException {
        tree.file("compose.dev.yaml", "services:\n  a: {image: x, ports: ['9000:9000']}");
        tree.file("compose.prod.yaml", "services:\n  b: {image: x, ports: ['9000:9000']}");
        assertThat(verdicts()).containsExactly("pass 9000");
        tree.file("start.sh", "docker compose -f compose.dev.yaml -f compose.prod.yaml up -d");
        assertThat(verdicts()).containsExactly("fail 9000 [a, b]");
    }

    @Test
    void differentAddressesOfTheHostAreDifferentPlaces() throws InterruptedException {
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, ports: ['127.0.0.1:9000:9000']}",
                "  b: {image: x, ports: ['10.0.0.5:9000:9000']}");
        assertThat(verdicts()).containsExactly("pass 9000");
        tree.file(
                "compose.yaml",
                "services:",
                "  a: {image: x, ports: ['127.0.0.1:9000:9000']}",
                "  b: {image: x, ports: ['9000:9000']}");
        assertThat(verdicts()).containsExactly("fail 9000 [a, b]");
    }

    @Test
    void whatNothingStartsIsNoAlternative() throws InterruptedException {
        tree.file("compose.yaml", "services:\n  a: {image: x, ports: ['9000:9000']}");
        assertThat(verdicts()).containsExactly("fail 9000 [a, b]");
    }

    @Test
    void examplesAreNotAdoptedBesideTheProduct() throws InterruptedException {
        tree.file("compose.yaml", "services:\n  a: {image: x, ports: ['9000:9000']}");
        tree.file("examples/hello/compose.yaml", "services:\n  hello: {image: x, ports: ['9001:9001']}");
        assertThat(adopted().agents()).hasSize(1);
        assertThat(adopted().unexplained())
                .containsExactly("examples/hello/compose.yaml#hello: it lies in a folder of examples or tests");
    }

    @Test
    void aTreeOfExamplesOnlyIsAdopted() throws InterruptedException {
        tree.file("examples/hello/compose.yaml", "services:\n  hello: {image: x, ports: ['9001:9001']}");
        assertThat(adopted().agents()).hasSize(1);
    }
}
