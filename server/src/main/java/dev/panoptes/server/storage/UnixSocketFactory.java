package dev.panoptes.server.storage;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import javax.net.SocketFactory;

/**
 * Gives the JDBC driver sockets that lead to one Unix socket, whatever host and port it asks for. The driver makes it by
 * name, with the path as its argument: hence public.
 */
public final class UnixSocketFactory extends SocketFactory {
    private final Path path;

    public UnixSocketFactory(String path) {
        this.path = Path.of(path);
    }

    @Override
    public Socket createSocket() {
        return new UnixSocket(path);
    }

    @Override
    public Socket createSocket(String host, int port) {
        return new UnixSocket(path);
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        return new UnixSocket(path);
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        return new UnixSocket(path);
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        return new UnixSocket(path);
    }
}
