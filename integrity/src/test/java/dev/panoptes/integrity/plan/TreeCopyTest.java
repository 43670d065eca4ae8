package dev.panoptes.integrity.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The copy of a tree that plans are tried on: what it holds, what it leaves out, and that nothing of it stays. */
class TreeCopyTest {
    @TempDir
    private Path directory;

    private Path tree() throws IOException {
        Path root = directory.resolve("fleet");
        Files.createDirectories(root.resolve("agents/one"));
        Files.createDirectories(root.resolve(".git/objects"));
        Files.writeString(root.resolve(".git/HEAD"), "ref");
        Files.createDirectories(root.resolve("agents/one/node_modules/left"));
        Files.writeString(root.resolve("agents/one/node_modules/left/pad.js"), "1");
        Files.writeString(root.resolve("agents/one/main.py"), "PORT = 1\n");
        Files.createSymbolicLink(root.resolve("agents/two"), Path.of("one"));
        return root;
    }

    @Test
    void itHoldsWhatTheTreeHolds() throws IOException {
        Path root = tree();
        try (TreeCopy copy = TreeCopy.of(root)) {
            assertThat(copy.root().getFileName()).hasToString("fleet");
            assertThat(copy.root().resolve("agents/one/main.py")).hasContent("PORT = 1\n");
            assertThat(Files.readSymbolicLink(copy.root().resolve("agents/two")))
                    .hasToString("one");
            assertThat(copy.root().resolve(".git")).isEmptyDirectory();
            assertThat(Files.readSymbolicLink(copy.root().resolve("agents/one/node_modules")))
                    .isEqualTo(root.resolve("agents/one/node_modules"));
            assertThat(PosixFilePermissions.toString(
                            Files.getPosixFilePermissions(copy.root().getParent())))
                    .isEqualTo("rwx------");
        }
    }

    @Test
    void aRootThatIsCalledLikeAnInstalledFolderIsCopied() throws IOException {
        Path root = Files.createDirectories(directory.resolve("venv"));
        Files.writeString(root.resolve("a.txt"), "a");
        try (TreeCopy copy = TreeCopy.of(root)) {
            assertThat(copy.root().resolve("a.txt")).hasContent("a");
            assertThat(Files.isSymbolicLink(copy.root())).isFalse();
        }
    }

    @Test
    void aFileThatIsTooLargeToReadIsThereAndEmpty() throws IOException {
        Path root = tree();
        for (int more : new int[] {0, 1}) {
            try (RandomAccessFile file =
                    new RandomAccessFile(root.resolve("large" + more).toFile(), "rw")) {
                file.setLength((4L << 20) + more);
            }
        }
        try (TreeCopy copy = TreeCopy.of(root)) {
            assertThat(copy.root().resolve("large0")).hasSize(4L << 20);
            assertThat(copy.root().resolve("large1")).isEmptyFile();
        }
    }

    @Test
    void aPlanIsBroughtInAndTakenBack() throws IOException {
        Path root = tree();
        Path copied;
        try (TreeCopy copy = TreeCopy.of(root)) {
            copied = copy.root();
            copy.bring(Map.of(
                    "agents/one/main.py", Optional.of("PORT = 2\n"), "units/new.service", Optional.of("[Unit]\n")));
            assertThat(copied.resolve("agents/one/main.py")).hasContent("PORT = 2\n");
            assertThat(copied.resolve("units/new.service")).hasContent("[Unit]\n");
            copy.bring(Map.of("agents/one/main.py", Optional.empty()));
            assertThat(copied.resolve("agents/one/main.py")).doesNotExist();
            assertThat(copied.resolve("units/new.service")).doesNotExist();
            copy.bring(Map.of());
            assertThat(copied.resolve("agents/one/main.py")).hasContent("PORT = 1\n");
            assertThatThrownBy(() -> copy.bring(Map.of("../outside", Optional.of("x"))))
                    .isInstanceOf(IOException.class)
                    .hasMessage("../outside leads out of the tree");
            assertThat(copy.moved(root.resolve("agents"))).isEqualTo(copied.resolve("agents"));
            assertThat(copy.moved(directory.resolve("fleet-two"))).isEqualTo(directory.resolve("fleet-two"));
        }
        assertThat(Files.exists(copied.getParent(), LinkOption.NOFOLLOW_LINKS)).isFalse();
        assertThat(root.resolve("agents/one/main.py")).hasContent("PORT = 1\n");
    }
}
