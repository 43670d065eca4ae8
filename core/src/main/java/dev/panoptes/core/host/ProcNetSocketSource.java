package dev.panoptes.core.host;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads {@code /proc/net/tcp} and {@code tcp6}. The kernel lists listening sockets first
 * (Documentation/networking/proc_net_tcp.rst), so a live table is read up to the first other one.
 */
final class ProcNetSocketSource implements SocketSource {
    private static final long LARGEST_CAPTURE = 32L << 20;

    private final HostFiles files;
    private final String directory;

    /** @param directory {@code /proc/net}, or {@code /proc/PID/net} for the namespace of a process */
    ProcNetSocketSource(HostFiles files, String directory) {
        this.files = files;
        this.directory = directory;
    }

    @Override
    public List<ListeningSocket> listening() throws IOException, InterruptedException {
        List<ListeningSocket> sockets = new ArrayList<>();
        read("tcp", sockets);
        try {
            read("tcp6", sockets);
        } catch (NoSuchFileException e) {
            // a kernel without IPv6 has no such table
        }
        return sockets;
    }

    private void read(String table, List<ListeningSocket> sockets) throws IOException, InterruptedException {
        Path file = files.locate(directory + "/" + table);
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(directory + "/" + table, null, "there is no socket table");
        }
        if (Files.size(file) > LARGEST_CAPTURE) {
            throw new IOException(directory + "/" + table + " is no socket table: it is larger than 32 MiB");
        }
        // A captured table may have been written on another machine; only little-endian ones are in use.
        ProcNetParser parser = new ProcNetParser(files.isLive() ? ByteOrder.nativeOrder() : ByteOrder.LITTLE_ENDIAN);
        try (InputStream in = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.ISO_8859_1))) {
            String line;
            while ((line = lines.readLine()) != null) {
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                switch (parser.parse(line)) {
                    case ProcNetParser.Line.Listening(ListeningSocket socket) -> sockets.add(socket);
                    case ProcNetParser.Line.Other() -> {
                        if (files.isLive()) {
                            return;
                        }
                    }
                    case ProcNetParser.Line.NoSocket() -> {
                        // the heading
                    }
                }
            }
        }
    }
}
