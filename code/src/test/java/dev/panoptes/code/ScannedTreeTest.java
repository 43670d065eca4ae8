package dev.panoptes.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.panoptes.code.ScannedTree.Content;
import dev.panoptes.code.ScannedTree.Place;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScannedTreeTest {
    @TempDir
    private Path directory;

    private Path root;
    private ScannedTree tree;

    @BeforeEach
    void create() throws IOException {
        root = Files.createDirectories(directory.resolve("root"));
        Files.createDirectories(root.resolve("a/b"));
        Files.writeString(root.resolve("a/file.txt"), "\uFEFFhello");
        Files.writeString(directory.resolve("secret.txt"), "secret");
        tree = ScannedTree.at(root);
    }

    @Test
    void looks_below_the_root() {
        assertThat(tree.look("a/b"))
                .isInstanceOfSatisfying(
                        Place.Here.class, here -> assertThat(here.directory()).isTrue());
        assertThat(tree.look("a/file.txt")).isInstanceOfSatisfying(Place.Here.class, here -> {
            assertThat(here.regular()).isTrue();
            assertThat(tree.rootPath(here.file())).isEqualTo("a/file.txt");
        });
        assertThat(tree.look("")).isInstanceOf(Place.Here.class);
        assertThat(tree.look("a/none")).isInstanceOf(Place.Absent.class);
        assertThat(tree.look("a/file.txt/below")).isInstanceOf(Place.Absent.class);
    }

    @Test
    void never_looks_outside() throws IOException {
        Files.createSymbolicLink(root.resolve("out"), directory);
        Files.createSymbolicLink(root.resolve("dangling-out"), Path.of("/nowhere/at/all"));
        Files.createSymbolicLink(root.resolve("dangling-in"), Path.of("a/none"));

        assertThat(tree.look("../secret.txt")).isInstanceOf(Place.Unclear.class);
        assertThat(tree.look("a/../../secret.txt")).isInstanceOf(Place.Unclear.class);
        assertThat(tree.look("out/secret.txt")).isInstanceOf(Place.Unclear.class);
        assertThat(tree.read("out/secret.txt", 100)).isInstanceOf(Content.Unreadable.class);
        assertThat(tree.look("dangling-out")).isInstanceOf(Place.Unclear.class);
        assertThat(tree.look("dangling-out/file")).isInstanceOf(Place.Unclear.class);
        assertThat(tree.look("dangling-in")).isInstanceOf(Place.Absent.class);
        assertThat(tree.look("a\u0000b")).isInstanceOf(Place.Unclear.class);
    }

    @Test
    void works_below_a_root_that_is_reached_by_a_link() throws IOException {
        Path link = Files.createSymbolicLink(directory.resolve("link"), root);

        ScannedTree linked = ScannedTree.at(link);

        assertThat(linked.root()).isEqualTo(link);
        assertThat(linked.read("a/file.txt", 100)).isInstanceOf(Content.Text.class);
    }

    @Test
    void reads_text_without_its_byte_order_mark() {
        assertThat(tree.read("a/file.txt", 100)).isInstanceOfSatisfying(Content.Text.class, text -> {
            assertThat(text.text()).isEqualTo("hello");
            assertThat(text.digest()).hasSize(64).matches("[0-9a-f]+");
        });
    }

    @Test
    void invalid_utf_8_survives_as_replacement_characters() throws IOException {
        Files.write(root.resolve("bad"), new byte[] {'a', (byte) 0xff, (byte) 0xfe, 'b'});

        assertThat(tree.read("bad", 100))
                .isInstanceOfSatisfying(
                        Content.Text.class, text -> assertThat(text.text()).isEqualTo("a\uFFFD\uFFFDb"));
    }

    @Test
    void tells_the_first_line_that_is_no_comment_and_not_utf_8() throws IOException {
        byte[] latin = "# caf\u00e9\n; caf\u00e9\na=1 # caf\u00e9\nb=caf\u00e9\n".getBytes(StandardCharsets.ISO_8859_1);
        Files.write(root.resolve("latin"), latin);
        Files.write(root.resolve("comments"), Arrays.copyOf(latin, latin.length - 7));

        assertThat(((Content.Text) tree.read("latin", 100)).damagedLine()).isEqualTo(4);
        assertThat(((Content.Text) tree.read("comments", 100)).damagedLine()).isZero();
        assertThat(((Content.Text) tree.read("a/file.txt", 100)).damagedLine()).isZero();
    }

    @Test
    void links_in_a_circle_are_told_in_words() throws IOException {
        Files.createSymbolicLink(root.resolve("knot"), Path.of("knot"));

        assertThat(tree.look("knot"))
                .isEqualTo(new ScannedTree.Place.Unclear("cannot be looked at: its links lead in a circle"));
    }

    @Test
    void refuses_what_is_too_large_binary_or_no_file() throws IOException {
        Files.write(root.resolve("binary"), new byte[] {'a', 0, 'b'});

        assertThat(tree.read("a/file.txt", 3)).isInstanceOf(Content.Unreadable.class);
        assertThat(tree.read("binary", 100)).isEqualTo(new Content.Unreadable("is a binary file"));
        assertThat(tree.read("a/b", 100)).isEqualTo(new Content.Unreadable("is a directory"));
        assertThat(tree.read("a/none", 100)).isInstanceOf(Content.Absent.class);
    }

    @Test
    void needs_a_directory() {
        assertThatThrownBy(() -> ScannedTree.at(directory.resolve("secret.txt")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> ScannedTree.at(directory.resolve("none"))).isInstanceOf(IOException.class);
    }

    @Test
    void aTreeThatRemembersReadsASmallFileOnce() throws IOException {
        Path file = Files.writeString(root.resolve("a.txt"), "before");
        Path large = Files.writeString(root.resolve("b.txt"), "x".repeat(200_000));
        ScannedTree remembering = tree.remembering();
        assertThat(remembering.read("a.txt", 100)).isInstanceOf(Content.Text.class);
        assertThat(remembering.text("b.txt", 300_000)).hasSize(200_000);
        Files.writeString(file, "after");
        Files.writeString(large, "y");
        assertThat(remembering.text("a.txt", 100)).isEqualTo("before");
        assertThat(remembering.text("b.txt", 300_000)).isEqualTo("y");
        assertThat(tree.text("a.txt", 100)).isEqualTo("after");
        // What was read with a larger limit is not handed to whoever allows less.
        assertThat(remembering.read("a.txt", 3)).isInstanceOf(Content.Unreadable.class);
        assertThat(remembering.text("a.txt", 3)).isNull();
        assertThat(tree.text("a/file.txt", 100)).isEqualTo("hello");
        assertThat(remembering.text("gone.txt", 100)).isNull();
    }
}
