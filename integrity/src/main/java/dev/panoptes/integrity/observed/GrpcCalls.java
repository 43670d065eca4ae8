package dev.panoptes.integrity.observed;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpURI;

/** Calls of gRPC over one connection (gRPC over HTTP2). Nothing but gRPC's own services is called. */
final class GrpcCalls {
    static final int OK = 0;
    static final int NOT_FOUND = 5;
    static final int PERMISSION_DENIED = 7;
    static final int UNIMPLEMENTED = 12;
    static final int UNAUTHENTICATED = 16;

    private final Http2Connection connection;
    private final ProbeTarget target;

    GrpcCalls(Http2Connection connection, ProbeTarget target) {
        this.connection = connection;
        this.target = target;
    }

    /**
     * What a call gave.
     *
     * @param http the status of HTTP; 200 unless what answers is no server of gRPC
     * @param code the status of gRPC; -1 where there is none
     * @param messages in order; those that are compressed are left out
     */
    record Result(int http, int code, List<byte[]> messages) {
        Result {
            messages = List.copyOf(messages);
        }

        boolean isGrpc() {
            return code >= 0;
        }
    }

    Result call(String method, List<byte[]> messages) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] message : messages) {
            body.write(0);
            body.writeBytes(ByteBuffer.allocate(4).putInt(message.length).array());
            body.writeBytes(message);
        }
        HttpFields fields = HttpFields.build()
                .add(new HttpField("te", "trailers"))
                .add(new HttpField("content-type", "application/grpc"))
                .add(new HttpField("user-agent", "panoptes"));
        HttpURI uri = HttpURI.from(target.scheme() + "://" + target.authority() + "/" + method);
        Http2Connection.Answer answer = connection.post(uri, fields, body.toByteArray());
        String code = answer.fields().getOrDefault("grpc-status", "");
        return new Result(
                answer.status(), code.matches("[0-9]{1,3}") ? Integer.parseInt(code) : -1, messages(answer.body()));
    }

    private static List<byte[]> messages(byte[] body) {
        List<byte[]> messages = new ArrayList<>();
        int at = 0;
        while (at + 5 <= body.length) {
            int length = ByteBuffer.wrap(body).getInt(at + 1);
            if (length < 0 || length > body.length - at - 5) {
                break;
            }
            if (body[at] == 0) {
                byte[] message = new byte[length];
                System.arraycopy(body, at + 5, message, 0, length);
                messages.add(message);
            }
            at += 5 + length;
        }
        return messages;
    }
}
