package dev.panoptes.integrity.judging;

import dev.panoptes.integrity.world.World;
import java.util.List;

/**
 * A pure function from the three views of a fleet to results. It reads nothing but its {@link World}: no file, no clock,
 * no socket. It is silent about subjects that it does not apply to.
 */
public interface Check {
    CheckInfo info();

    /**
     * One result per subject that the check applies to. Looks at its thread's interruption at batch borders.
     *
     * @throws InterruptedException when its deadline has passed or the scan was cancelled
     */
    List<CheckResult> run(World world) throws InterruptedException;
}
