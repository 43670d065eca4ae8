package dev.panoptes.integrity.declared;

import static org.assertj.core.api.Assertions.assertThat;

import dev.panoptes.code.ScannedTree;
import dev.panoptes.integrity.declared.DeployedPath.Below;
import dev.panoptes.integrity.declared.DeployedPath.BuildProduct;
import dev.panoptes.integrity.declared.DeployedPath.Outside;
import dev.panoptes.integrity.declared.DeployedPath.Unclear;
import dev.panoptes.integrity.declared.DeployedPrefix.Answer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeployedPathsTest {
    @TempDir
    private Path directory;

    private Path root;
    private int units;

    @BeforeEach
    void create() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        for (String agent : List.of("atlas", "hermes", "varys")) {
            Files.createDirectories(root.resolve("agents/" + agent));
            Files.writeString(root.resolve("agents/" + agent + "/" + agent + ".py"), "");
        }
    }

    private void unit(String workingDirectory, String execStart) throws IOException {
        Files.createDirectories(root.resolve("units"));
        Files.writeString(
                root.resolve("units/u" + units++ + ".service"),
                "[Service]\nWorkingDirectory=" + workingDirectory + "\nExecStart=" + execStart + "\n");
    }

    private Answer prefix() throws IOException, InterruptedException {
        ScannedTree tree = ScannedTree.at(root);
        return DeployedPrefix.of(tree, new UnitFileReader(tree).parse(DeclarationFiles.in(tree), new ArrayList<>()));
    }

    private TreePaths paths() throws IOException {
        return new TreePaths(ScannedTree.at(root), List.of("/opt/fleet"), "");
    }

    @Test
    void the_prefix_is_where_most_paths_exist() throws IOException, InterruptedException {
        unit("/opt/fleet/agents/atlas", "/opt/fleet/venv/bin/python atlas.py");
        unit("/opt/fleet/agents/hermes", "/usr/bin/python3 /opt/fleet/agents/hermes/hermes.py");
        unit("/opt/fleet/agents/gone", "/usr/bin/python3 gone.py");
        unit("/home/someone/agents/varys", "/usr/bin/python3 varys.py");

        assertThat(prefix()).isEqualTo(new Answer.Known(List.of("/opt/fleet", "/home/someone")));
    }

    @Test
    void the_root_itself_is_found_by_what_it_starts() throws IOException, InterruptedException {
        Files.writeString(root.resolve("main.py"), "");
        unit("/srv/thing", "/usr/bin/python3 main.py");

        assertThat(prefix()).isEqualTo(new Answer.Known(List.of("/srv/thing")));
    }

    @Test
    void a_folder_called_like_the_tree_decides_nothing_where_a_file_does() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("museum"));
        Files.writeString(root.resolve("museum/wsgi.py"), "");
        unit("/srv/museum", "/srv/museum/venv/bin/gunicorn museum.wsgi:application");

        assertThat(prefix()).isEqualTo(new Answer.Known(List.of("/srv/museum")));
    }

    @Test
    void a_captured_host_tree_stands_for_the_top() throws IOException, InterruptedException {
        Files.createDirectories(root.resolve("opt/fleet/agents/atlas"));
        Files.writeString(root.resolve("opt/fleet/agents/atlas/atlas.py"), "");
        unit("/opt/fleet/agents/atlas", "/usr/bin/python3 atlas.py");

        // "agents/atlas" exists too, so two prefixes explain the path.
        assertThat(prefix()).isInstanceOf(Answer.Unclear.class);

        Files.createDirectories(root.resolve("srv/x"));
        unit("/srv/x", "/usr/bin/python3 x.py");
        Files.writeString(root.resolve("srv/x/x.py"), "");
        assertThat(prefix()).isEqualTo(new Answer.Known(List.of("/")));
    }

    @Test
    void a_tie_or_too_few_paths_leave_it_unclear() throws IOException, InterruptedException {
        unit("/usr/lib/thing", "/usr/bin/thing");
        assertThat(prefix()).isInstanceOf(Answer.Unclear.class);

        unit("/opt/a/agents/atlas", "/usr/bin/x");
        unit("/opt/b/agents/hermes", "/usr/bin/x");
        assertThat(prefix())
                .isInstanceOfSatisfying(
                        Answer.Unclear.class,
                        unclear -> assertThat(unclear.reason()).contains("/opt/a and /opt/b"));
    }

    @Test
    void a_prefix_under_which_most_is_missing_is_not_believed() throws IOException, InterruptedException {
        unit("/opt/other/agents", "/usr/bin/x");
        unit("/opt/other/one", "/usr/bin/x");
        unit("/opt/other/two", "/usr/bin/x");

        assertThat(prefix()).isInstanceOf(Answer.Unclear.class);
    }

    @Test
    void where_the_root_lies_now_decides_when_nothing_else_does() throws IOException, InterruptedException {
        unit(root + "/agents/gone", "/usr/bin/python3 gone.py");

        assertThat(prefix()).isEqualTo(new Answer.Known(List.of(root.toString())));
    }

    @Test
    void locates_paths_below_the_prefix() throws IOException {
        TreePaths paths = paths();

        assertThat(paths.locate("/opt/fleet/agents/atlas")).isEqualTo(new Below("agents/atlas", true, true));
        assertThat(paths.locate("/opt/fleet//agents/./atlas/atlas.py/"))
                .isEqualTo(new Below("agents/atlas/atlas.py", true, false));
        assertThat(paths.locate("/opt/fleet/agents/gone")).isEqualTo(new Below("agents/gone", false, false));
        assertThat(paths.locate("/opt/fleet")).isEqualTo(new Below("", true, true));
        assertThat(paths.locate("/opt/fleet/agents/../agents/atlas")).isEqualTo(new Below("agents/atlas", true, true));
    }

    @Test
    void does_not_judge_what_is_elsewhere_built_or_open() throws IOException {
        TreePaths paths = paths();

        assertThat(paths.locate("/opt/fleet2/agents/atlas")).isInstanceOf(Outside.class);
        assertThat(paths.locate("/opt/fleet/../other")).isInstanceOf(Outside.class);
        assertThat(paths.locate("/usr/bin/python3")).isInstanceOf(Outside.class);
        assertThat(paths.locate("/opt/fleet/venv/bin/python")).isEqualTo(new BuildProduct("venv"));
        assertThat(paths.locate("/opt/fleet/web/dist/server.js")).isEqualTo(new BuildProduct("dist"));
        assertThat(paths.locate("/opt/fleet/agents/%i")).isInstanceOf(Unclear.class);
        assertThat(paths.locate("~")).isInstanceOf(Unclear.class);
        assertThat(paths.below("../secret")).isInstanceOf(Outside.class);
        assertThat(new TreePaths(ScannedTree.at(root), List.of(), "why").locate("/opt/fleet"))
                .isEqualTo(new Unclear("why"));
    }

    @Test
    void what_is_kept_in_a_folder_called_like_a_build_is_there() throws IOException {
        Files.createDirectories(root.resolve("build/package"));
        Files.writeString(root.resolve("build/package/Dockerfile"), "FROM a");
        Files.createDirectories(root.resolve("web/dist"));
        Files.writeString(root.resolve("web/dist/main.js"), "");
        Files.createDirectories(root.resolve("node_modules/a"));
        Files.writeString(root.resolve(".gitignore"), "dist\n");
        TreePaths paths = paths();

        assertThat(paths.below("build/package/Dockerfile"))
                .isEqualTo(new Below("build/package/Dockerfile", true, false));
        assertThat(paths.below("build/package")).isEqualTo(new Below("build/package", true, true));
        assertThat(paths.below("build/other")).isEqualTo(new BuildProduct("build"));
        assertThat(paths.below("web/dist/main.js")).isEqualTo(new BuildProduct("dist"));
        assertThat(paths.below("node_modules/a")).isEqualTo(new BuildProduct("node_modules"));
    }

    @Test
    void links_that_leave_the_root_are_not_judged() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), directory);
        Files.createSymbolicLink(root.resolve("in"), Path.of("agents"));

        assertThat(paths().locate("/opt/fleet/out/x")).isInstanceOf(Unclear.class);
        assertThat(paths().locate("/opt/fleet/in/atlas")).isEqualTo(new Below("in/atlas", true, true));
    }
}
