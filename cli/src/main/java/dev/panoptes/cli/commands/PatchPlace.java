package dev.panoptes.cli.commands;

import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.declared.ScanRoot;
import dev.panoptes.integrity.plan.Quoted;
import dev.panoptes.integrity.world.World;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a patch is applied. Its paths begin at the top of the work tree, else at the root of the scan; {@code git apply} passes
 * over those outside of the directory that it is run in, without a word.
 *
 * @param folder relative to where the command is run; empty where that does
 */
record PatchPlace(String folder) {
    private static final PatchPlace HERE = new PatchPlace("");

    /** @param directory where the command is run */
    static PatchPlace of(World world, Path directory) {
        @Nullable Declarations declarations = world.declarations();
        return declarations == null ? HERE : of(Path.of(declarations.rootText()), directory);
    }

    /** @param scanned the root of the scan */
    static PatchPlace of(Path scanned, Path directory) {
        Path root = scanned.toAbsolutePath().normalize();
        Path here = directory.toAbsolutePath().normalize();
        Path top = ScanRoot.repository(root);
        boolean within = top == null ? here.equals(root) : here.startsWith(top) && root.startsWith(here);
        return within
                ? HERE
                : new PatchPlace(here.relativize(top == null ? root : top).toString());
    }

    boolean isHere() {
        return folder.isEmpty();
    }

    String command() {
        return isHere() ? "git apply" : "git -C " + Quoted.word(folder) + " apply";
    }
}
