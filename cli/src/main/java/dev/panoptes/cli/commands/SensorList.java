package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.Orders;
import dev.panoptes.sensors.Positions;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What each sensor reads, needs, and can see on this host. */
final class SensorList {
    private SensorList() {}

    /** @param told what the sensors of this host are told */
    static ExitCode print(Shell shell, List<Sensor> sensors, @Nullable Path root, Function<String, Orders> told)
            throws IOException {
        StringBuilder text = new StringBuilder();
        for (Sensor sensor : sensors) {
            Orders orders = told.apply(sensor.name());
            SensorStatus status = sensor.status(surroundings(shell, root, orders.settings()));
            text.append(sensor.name())
                    .append(": ")
                    .append(orders.enabled() ? status.word() : "off")
                    .append(", every ")
                    .append(orders.settings()
                            .duration("interval", sensor.interval())
                            .toSeconds())
                    .append(" s\n")
                    .append(orders.enabled() ? "" : "  off:   " + Orders.OFF + "\n")
                    .append("  reads: ")
                    .append(sensor.reads())
                    .append("\n  needs: ")
                    .append(sensor.needs())
                    .append('\n');
            switch (status) {
                case SensorStatus.Permitted _ -> text.append("  here:  all of it\n");
                case SensorStatus.Degraded(String reason, String mend) ->
                    text.append("  here:  ")
                            .append(reason)
                            .append("\n  mend:  ")
                            .append(mend)
                            .append('\n');
                case SensorStatus.Unsupported(String reason) ->
                    text.append("  here:  nothing: ").append(reason).append('\n');
            }
        }
        shell.print(text.toString());
        return ExitCode.OK;
    }

    private static Surroundings surroundings(Shell shell, @Nullable Path root, Settings settings) {
        return new Surroundings(
                root == null ? Host.live() : new Host(root),
                Privileges.current(),
                shell.clock(),
                ZoneOffset.UTC,
                settings,
                Positions.NONE,
                null,
                true);
    }
}
