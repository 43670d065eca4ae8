package dev.panoptes.sensors;

import dev.panoptes.core.host.Host;
import dev.panoptes.sensors.forward.Publisher;
import dev.panoptes.sensors.spool.Limits;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How sensors are run.
 *
 * @param origin what their events say of this host
 * @param zone in which stamps without a zone are read
 * @param data where each sensor has a directory of its own
 * @param heartbeats where they say that they live; null: nowhere
 * @param interval between two cycles of every sensor; null: what configuration says, or each one's own
 * @param budgets of a run that goes on; a single cycle has none
 * @param once one cycle, then the end
 * @param out where events are written to; null: nowhere
 * @param printedIsDone true where no server waits for them
 * @param publisher where events are sent to; null: nowhere
 * @param random spreads tries over time
 */
public record RunOptions(
        Host host,
        Origin origin,
        InstantSource clock,
        ZoneId zone,
        Path data,
        @Nullable Path heartbeats,
        @Nullable Duration interval,
        boolean once,
        Limits limits,
        Budgets budgets,
        @Nullable OutputStream out,
        boolean printedIsDone,
        @Nullable Publisher publisher,
        RandomGenerator random) {}
