package dev.panoptes.sensors.packages;

import dev.panoptes.core.host.HostFiles;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One spelling of a path where directories at a host's top are links into /usr: the one behind the link. */
public final class Spelling {
    private static final List<String> MERGED = List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32");

    private final Map<String, String> merged = new HashMap<>();

    public Spelling(HostFiles files) {
        for (String name : MERGED) {
            try {
                String target = files.readLink("/" + name);
                merged.put("/" + name + "/", (target.startsWith("/") ? target : "/" + target) + "/");
            } catch (IOException | IllegalArgumentException e) {
                continue; // it is a directory, or is not there
            }
        }
    }

    public String of(String path) {
        for (Map.Entry<String, String> each : merged.entrySet()) {
            if (path.startsWith(each.getKey())) {
                return each.getValue() + path.substring(each.getKey().length());
            }
        }
        return path;
    }
}
