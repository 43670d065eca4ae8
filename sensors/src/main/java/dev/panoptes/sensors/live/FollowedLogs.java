package dev.panoptes.sensors.live;

import dev.panoptes.core.host.HostFiles;
import dev.panoptes.sensors.EventSink;
import dev.panoptes.sensors.Surroundings;
import dev.panoptes.sensors.replay.Feed;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The logs of one sensor that a host has. */
public final class FollowedLogs {
    private FollowedLogs() {}

    /** Those of the names that are there and may be read by this process. */
    public static List<String> readable(HostFiles files, List<String> names) {
        List<String> readable = new ArrayList<>();
        for (String name : names) {
            try {
                if (mayRead(files.locate(name))) {
                    readable.add(name);
                }
            } catch (IOException e) {
                continue; // it is not there
            }
        }
        return readable;
    }

    /** Those of the names that are there but may not be read. */
    public static List<String> refused(HostFiles files, List<String> names) {
        List<String> refused = new ArrayList<>();
        for (String name : names) {
            try {
                Path place = files.locate(name);
                if (Files.exists(place) && !mayRead(place)) {
                    refused.add(name);
                }
            } catch (IOException e) {
                continue; // it is not there
            }
        }
        return refused;
    }

    /** By opening it: access(2) asks for the user alone, and a service that may read every file is none of the log's group. */
    private static boolean mayRead(Path place) {
        if (!Files.isRegularFile(place)) {
            return false;
        }
        try (FileChannel channel = FileChannel.open(place, StandardOpenOption.READ)) {
            return channel.isOpen();
        } catch (IOException e) {
            return false; // refused, or gone meanwhile
        }
    }

    /** A look at all of the logs, each followed from where it was left. A log that is not there yet is waited for. */
    public static PollingWatch.Look look(List<String> names, Feed feed, EventSink sink, Surroundings surroundings)
            throws IOException {
        List<LogFollower> followers = new ArrayList<>();
        for (String name : names) {
            LogFollower follower =
                    new LogFollower(surroundings.host().files().locate(name), name, feed, sink, surroundings);
            follower.open();
            followers.add(follower);
        }
        return () -> {
            for (LogFollower follower : followers) {
                follower.step();
            }
        };
    }
}
