package dev.panoptes.cli.commands;

import dev.panoptes.cli.shell.ExitCode;
import dev.panoptes.cli.shell.Shell;
import dev.panoptes.core.host.Host;
import dev.panoptes.core.host.Privileges;
import dev.panoptes.sensors.Positions;
import dev.panoptes.sensors.Sensor;
import dev.panoptes.sensors.SensorStatus;
import dev.panoptes.sensors.Sensors;
import dev.panoptes.sensors.Settings;
import dev.panoptes.sensors.Surroundings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;

/** What each sensor reads, needs, and can see on this host. */
final class SensorList {
    private SensorList() {}

    static ExitCode print(Shell shell, @Nullable Path root) throws IOException {
        Surroundings here = new Surroundings(
                root == null ? Host.live() : new Host(root),
                Privileges.current(),
                shell.clock(),
                ZoneOffset.UTC,
                Settings.none(),
                Positions.NONE,
                null,
                true);
        StringBuilder text = new StringBuilder();
        for (Sensor sensor : Sensors.all()) {
            SensorStatus status = sensor.status(here);
            text.append(sensor.name())
                    .append(": ")
                    .append(status.word())
                    .append(", every ")
                    .append(sensor.interval().toSeconds())
                    .append(" s\n  reads: ")
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
}
