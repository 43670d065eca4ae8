package dev.panoptes.sensors.live;

import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Names of users by their id, from {@code /etc/passwd} (passwd(5)); as it is when this is made. */
public final class UserNames {
    private static final int MOST = 4 << 20;

    private final Map<Long, String> names = new HashMap<>();

    public UserNames(HostFiles files) {
        try {
            for (String line : files.readText("/etc/passwd", MOST).split("\n")) {
                String[] fields = line.split(":", 4);
                if (fields.length > 3 && !fields[0].isEmpty() && fields[2].matches("\\d{1,10}")) {
                    names.putIfAbsent(Long.valueOf(fields[2]), fields[0]);
                }
            }
        } catch (IOException e) {
            names.clear(); // nobody has a name here
        }
    }

    /** null where nobody has the id. */
    public @Nullable String of(long uid) {
        return names.get(uid);
    }
}
