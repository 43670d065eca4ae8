import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/** Many healthy agents in one process, one per port: {@code java Agents.java ADDRESS FIRST_PORT COUNT}. */
final class Agents {
    public static void main(String[] arguments) throws IOException {
        InetAddress address = InetAddress.getByName(arguments[0]);
        int first = Integer.parseInt(arguments[1]);
        int count = Integer.parseInt(arguments[2]);
        Selector selector = Selector.open();
        for (int i = 0; i < count; i++) {
            ServerSocketChannel server = ServerSocketChannel.open();
            server.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(address, first + i), 64);
            server.configureBlocking(false);
            String body = "{\"status\":\"healthy\",\"agent\":\"agent-" + (first + i) + "\",\"port\":" + (first + i) + "}";
            byte[] answer = ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                            + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII);
            server.register(selector, SelectionKey.OP_ACCEPT, answer);
        }
        System.out.println("ready");
        ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
        while (true) {
            selector.select();
            Iterator<SelectionKey> keys = selector.selectedKeys().iterator();
            while (keys.hasNext()) {
                SelectionKey key = keys.next();
                keys.remove();
                try {
                    if (key.isAcceptable()) {
                        SocketChannel client;
                        while ((client = ((ServerSocketChannel) key.channel()).accept()) != null) {
                            client.configureBlocking(false);
                            client.register(selector, SelectionKey.OP_READ, key.attachment());
                        }
                    } else if (key.isReadable()) {
                        SocketChannel client = (SocketChannel) key.channel();
                        buffer.clear();
                        if (client.read(buffer) > 0) {
                            client.write(ByteBuffer.wrap((byte[]) key.attachment()));
                        }
                        client.close();
                    }
                } catch (IOException e) {
                    key.channel().close();
                }
            }
        }
    }
}
