package dev.panoptes.server.http;

import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** A call as Jetty itself hands it over, without servlets between. */
final class PlainWire implements Wire {
    private static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Response.JSON);

    private final Request request;
    private final org.eclipse.jetty.server.Response response;
    private final Map<String, String> pathParameters;
    private byte @Nullable [] body;
    private boolean streaming;

    PlainWire(Request request, org.eclipse.jetty.server.Response response, Map<String, String> pathParameters) {
        this.request = request;
        this.response = response;
        this.pathParameters = pathParameters;
    }

    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String path() {
        return request.getHttpURI().getPath();
    }

    @Override
    public Map<String, String> pathParameters() {
        return pathParameters;
    }

    @Override
    public Map<String, List<String>> query() {
        return Map.of();
    }

    @Override
    public @Nullable String header(String name) {
        return request.getHeaders().get(name);
    }

    @Override
    public List<String> headers(String name) {
        return request.getHeaders().getValuesList(name);
    }

    @Override
    public @Nullable String cookie(String name) {
        for (HttpCookie cookie : Request.getCookies(request)) {
            if (cookie.getName().equals(name)) {
                return cookie.getValue();
            }
        }
        return null;
    }

    @Override
    public String address() {
        return Request.getRemoteAddr(request);
    }

    @Override
    public int localPort() {
        return Request.getLocalPort(request);
    }

    @Override
    public long contentLength() {
        return request.getLength();
    }

    @Override
    public InputStream body() {
        return Content.Source.asInputStream(request);
    }

    @Override
    public void whenAnswered(Runnable work) {
        Request.addCompletionListener(request, _ -> work.run());
    }

    @Override
    public void status(int status) {
        response.setStatus(status);
    }

    @Override
    public void answerHeader(String name, String value) {
        response.getHeaders().put(name, value);
    }

    @Override
    public void decorate(boolean tls) {
        Headers.decorateAll(response.getHeaders(), tls);
    }

    @Override
    public void answer(String contentType, byte[] whole) {
        HttpFields.Mutable headers = response.getHeaders();
        if (contentType.equals(Response.JSON)) {
            headers.add(JSON);
        } else {
            headers.add(HttpHeader.CONTENT_TYPE, contentType);
        }
        body = whole;
    }

    @Override
    public OutputStream stream(String contentType) {
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
        streaming = true;
        return Content.Sink.asOutputStream(response);
    }

    /** Sends the answer, or the rest of it. */
    void send(Callback callback) {
        if (streaming) {
            callback.succeeded();
        } else {
            response.write(true, body == null ? null : ByteBuffer.wrap(body), callback);
        }
    }
}
