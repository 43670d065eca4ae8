package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.Shell;
import dev.panoptes.integrity.declared.Declarations;
import dev.panoptes.integrity.plan.Proof;
import dev.panoptes.integrity.scan.Scan;
import dev.panoptes.integrity.scan.ScanRequest;
import dev.panoptes.integrity.world.World;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The copy on which a plan is tried, where one can be made.
 *
 * @param proof null where none can be made: then no patch is offered
 */
record Trial(@Nullable Proof proof) implements AutoCloseable {
    /** Says on standard error why the tree cannot be copied. */
    static Trial of(Scan scan, ScanRequest request, World world, boolean withoutRegistry, Shell shell) {
        Declarations declarations = world.declarations();
        if (declarations == null) {
            return new Trial(null);
        }
        try {
            return new Trial(Proof.of(scan, request, declarations.root(), declarations.agentsPath(), withoutRegistry));
        } catch (IOException e) {
            shell.err()
                    .println(
                            "panoptes: no patch is offered, because nothing can be tried on a copy: " + e.getMessage());
            return new Trial(null);
        }
    }

    @Override
    public void close() {
        if (proof != null) {
            proof.close();
        }
    }
}
