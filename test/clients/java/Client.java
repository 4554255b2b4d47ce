// What the AWS SDK for Java 2 does with an S3: each line that is printed is a behaviour that failed.
// Arguments: endpoint, access key, secret key, and "any-signature" where the S3 verifies none. Over HTTP the SDK signs each chunk of a
// stream, over TLS none.

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.async.AsyncRequestBody;
import software.amazon.awssdk.core.async.AsyncResponseTransformer;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3AsyncClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.*;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;

public class Client {
  static final String ODD_KEY = "a b+c/é=1%&?#/x.log.gz";
  static final S3Configuration PATH_STYLE = S3Configuration.builder().pathStyleAccessEnabled(true).build();

  final String bucket;
  final S3Client s3;
  final S3AsyncClient async;
  final S3Presigner signer;

  Client(URI endpoint, StaticCredentialsProvider keys) {
    bucket = "java-" + endpoint.getScheme();
    s3 = connect(endpoint, keys);
    async = S3AsyncClient.builder().endpointOverride(endpoint).region(Region.US_EAST_1).credentialsProvider(keys)
        .forcePathStyle(true).multipartEnabled(true)
        .multipartConfiguration(parts -> parts.minimumPartSizeInBytes(5L << 20).thresholdInBytes(5L << 20)).build();
    signer = S3Presigner.builder().endpointOverride(endpoint).region(Region.US_EAST_1).credentialsProvider(keys)
        .serviceConfiguration(PATH_STYLE).build();
  }

  static S3Client connect(URI endpoint, StaticCredentialsProvider keys) {
    return S3Client.builder().endpointOverride(endpoint).region(Region.US_EAST_1).credentialsProvider(keys).forcePathStyle(true).build();
  }

  static StaticCredentialsProvider keys(String accessKey, String secretKey) {
    return StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey));
  }

  public static void main(String[] words) {
    try {
      run(words);
      System.out.println("done");
    } catch (Exception error) {
      error.printStackTrace();
    }
    // The SDK's own threads would go on.
    System.exit(0);
  }

  static void run(String[] words) throws Exception {
    URI endpoint = URI.create(words[0]);
    Client client = new Client(endpoint, keys(words[1], words[2]));
    client.s3.createBucket(to -> to.bucket(client.bucket));
    client.checksums();
    client.streams();
    client.conditions();
    client.parts();
    client.listings();
    client.versions();
    client.notifications();
    client.presigned();
    // AWS's client in C trusts the authorities of the machine alone.
    if (endpoint.getScheme().equals("http")) client.inC(endpoint, keys(words[1], words[2]));
    S3Client wrong = connect(endpoint, keys(words[1], "x"));
    check("wrong key", words.length > 3 || codeOf(wrong::listBuckets).equals("SignatureDoesNotMatch"));
  }

  void checksums() throws Exception {
    for (ChecksumAlgorithm algorithm : List.of(ChecksumAlgorithm.CRC32, ChecksumAlgorithm.CRC32_C, ChecksumAlgorithm.CRC64_NVME,
        ChecksumAlgorithm.SHA1, ChecksumAlgorithm.SHA256)) {
      PutObjectResponse put = s3.putObject(
          to -> to.bucket(bucket).key(ODD_KEY).checksumAlgorithm(algorithm).metadata(Map.of("owner", "rig")), body("123456789"));
      var got = s3.getObjectAsBytes(from -> from.bucket(bucket).key(ODD_KEY).checksumMode(ChecksumMode.ENABLED));
      // The SDK compares the bytes with it, and fails the read where they differ.
      check("bytes of " + algorithm, got.asUtf8String().equals("123456789") && "rig".equals(got.response().metadata().get("owner")));
      var kept = got.response();
      check("checksum " + algorithm, switch (algorithm) {
        case CRC32 -> put.checksumCRC32() != null && put.checksumCRC32().equals(kept.checksumCRC32());
        case CRC32_C -> put.checksumCRC32C() != null && put.checksumCRC32C().equals(kept.checksumCRC32C());
        case CRC64_NVME -> put.checksumCRC64NVME() != null && put.checksumCRC64NVME().equals(kept.checksumCRC64NVME());
        case SHA1 -> put.checksumSHA1() != null && put.checksumSHA1().equals(kept.checksumSHA1());
        default -> put.checksumSHA256() != null && put.checksumSHA256().equals(kept.checksumSHA256());
      });
    }
    check("wrong checksum", codeOf(() -> s3.putObject(to -> to.bucket(bucket).key("wrong").checksumCRC32("AAAAAA=="), body("x")))
        .equals("BadDigest"));
  }

  /** Bodies that cannot be read twice; of the second one the length is not known either. */
  void streams() throws Exception {
    byte[] bytes = "x".repeat(200_000).getBytes();
    s3.putObject(to -> to.bucket(bucket).key("stream").contentEncoding("gzip").checksumAlgorithm(ChecksumAlgorithm.CRC32_C),
        RequestBody.fromInputStream(once(bytes), bytes.length));
    var got = s3.getObjectAsBytes(from -> from.bucket(bucket).key("stream").checksumMode(ChecksumMode.ENABLED));
    check("stream", Arrays.equals(got.asByteArray(), bytes) && got.response().contentEncoding().equals("gzip")
        && got.response().checksumCRC32C() != null);
    var blocking = AsyncRequestBody.fromInputStream(from -> from.inputStream(once(bytes)).contentLength((long) bytes.length)
        .executor(Executors.newSingleThreadExecutor()));
    async.putObject(to -> to.bucket(bucket).key("async").checksumAlgorithm(ChecksumAlgorithm.SHA256), blocking).join();
    check("asynchronous stream", Arrays.equals(read("async"), bytes));
  }

  void conditions() throws Exception {
    Consumer<PutObjectRequest.Builder> onlyNew = to -> to.bucket(bucket).key("once").ifNoneMatch("*");
    s3.putObject(onlyNew, body("123456789"));
    check("second write", codeOf(() -> s3.putObject(onlyNew, body("other"))).equals("PreconditionFailed"));
    check("write over another", codeOf(() -> s3.putObject(to -> to.bucket(bucket).key("once").ifMatch("\"0\""), body("other")))
        .equals("PreconditionFailed"));
    var range = s3.getObjectAsBytes(from -> from.bucket(bucket).key("once").range("bytes=-3"));
    check("range", range.asUtf8String().equals("789") && range.response().contentRange().equals("bytes 6-8/9"));
    String eTag = range.response().eTag();
    check("not modified", codeOf(() -> s3.getObjectAsBytes(from -> from.bucket(bucket).key("once").ifNoneMatch(eTag))).equals("304"));
    check("no such key", codeOf(() -> s3.getObjectAsBytes(from -> from.bucket(bucket).key("nothing"))).equals("NoSuchKey"));
    check("head of nothing", codeOf(() -> s3.headObject(of -> of.bucket(bucket).key("nothing"))).equals("NoSuchKey"));
    CopyObjectResponse copied = s3.copyObject(
        to -> to.sourceBucket(bucket).sourceKey(ODD_KEY).destinationBucket(bucket).destinationKey("copy " + ODD_KEY));
    check("copy", copied.copyObjectResult().eTag().equals(eTag) && new String(read("copy " + ODD_KEY)).equals("123456789"));
  }

  void parts() throws Exception {
    byte[] big = "0123456789abcdef".repeat(12 << 16).getBytes();
    async.putObject(to -> to.bucket(bucket).key("big"), AsyncRequestBody.fromBytes(big)).join();
    HeadObjectResponse head = s3.headObject(of -> of.bucket(bucket).key("big").checksumMode(ChecksumMode.ENABLED));
    check("multipart ETag", head.eTag().endsWith("-3\"") && head.contentLength() == big.length);
    check("multipart bytes", Arrays.equals(read("big"), big));
    var inParts = async.getObject(from -> from.bucket(bucket).key("big"), AsyncResponseTransformer.toBytes()).join();
    check("download in parts", Arrays.equals(inParts.asByteArray(), big));
    String left = s3.createMultipartUpload(to -> to.bucket(bucket).key("left")).uploadId();
    s3.uploadPart(to -> to.bucket(bucket).key("left").uploadId(left).partNumber(1), body("part"));
    check("parts", s3.listParts(of -> of.bucket(bucket).key("left").uploadId(left)).parts().size() == 1);
    s3.abortMultipartUpload(of -> of.bucket(bucket).key("left").uploadId(left));
    check("no upload is left", s3.listMultipartUploads(of -> of.bucket(bucket)).uploads().isEmpty());
  }

  void listings() throws Exception {
    List<String> keys = Stream.of("B", "a", "é", "~", "豈", "😀", "a b", "a+b", "a%2Fb", "a&<b>", "a//b", "\t").map(name -> "list/" + name)
        .sorted((one, other) -> Arrays.compareUnsigned(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8)))
        .toList();
    for (String key : keys) s3.putObject(to -> to.bucket(bucket).key(key), RequestBody.empty());
    List<String> listed = new ArrayList<>();
    s3.listObjectsV2Paginator(of -> of.bucket(bucket).prefix("list/").maxKeys(3)).contents().forEach(found -> listed.add(found.key()));
    check("list", listed.equals(keys));
    var folders = s3.listObjectsV2(of -> of.bucket(bucket).prefix("list/").delimiter("/")).commonPrefixes();
    check("common prefixes", folders.size() == 1 && folders.get(0).prefix().equals("list/a/"));
    var doomed = keys.stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    var gone = s3.deleteObjects(of -> of.bucket(bucket).delete(what -> what.objects(doomed)));
    check("delete many", gone.deleted().size() == keys.size()
        && s3.listObjectsV2(of -> of.bucket(bucket).prefix("list/")).keyCount() == 0);
  }

  void versions() throws Exception {
    s3.putBucketVersioning(of -> of.bucket(bucket).versioningConfiguration(kept -> kept.status(BucketVersioningStatus.ENABLED)));
    String one = s3.putObject(to -> to.bucket(bucket).key("versions"), body("one")).versionId();
    s3.putObject(to -> to.bucket(bucket).key("versions"), body("two"));
    check("delete marker", s3.deleteObject(of -> of.bucket(bucket).key("versions")).deleteMarker());
    var old = s3.getObjectAsBytes(from -> from.bucket(bucket).key("versions").versionId(one));
    check("old version", old.asUtf8String().equals("one"));
    var all = s3.listObjectVersions(of -> of.bucket(bucket).prefix("versions"));
    check("versions", all.versions().size() == 2 && all.deleteMarkers().size() == 1);
  }

  void notifications() throws Exception {
    var rule = QueueConfiguration.builder().queueArn("arn:aws:sqs:us-east-1:123456789012:flow-logs")
        .events(Event.S3_OBJECT_CREATED)
        .filter(by -> by.key(of -> of.filterRules(FilterRule.builder().name(FilterRuleName.SUFFIX).value(".log.gz").build()))).build();
    s3.putBucketNotificationConfiguration(
        of -> of.bucket(bucket).skipDestinationValidation(true).notificationConfiguration(what -> what.queueConfigurations(rule)));
    var kept = s3.getBucketNotificationConfiguration(of -> of.bucket(bucket)).queueConfigurations();
    check("notification", kept.size() == 1 && kept.get(0).queueArn().equals(rule.queueArn()) && kept.get(0).events().equals(rule.events())
        && kept.get(0).filter().key().filterRules().get(0).value().equals(".log.gz"));
  }

  void presigned() throws Exception {
    var get = signer.presignGetObject(of -> of.signatureDuration(Duration.ofHours(1))
        .getObjectRequest(from -> from.bucket(bucket).key(ODD_KEY).responseContentType("text/x")));
    var answer = exchange(HttpRequest.newBuilder(uri(get.url())).build());
    check("presigned GET", answer.body().equals("123456789") && answer.headers().firstValue("content-type").get().equals("text/x"));
    var put = signer.presignPutObject(
        of -> of.signatureDuration(Duration.ofHours(1)).putObjectRequest(to -> to.bucket(bucket).key("put by url")));
    exchange(HttpRequest.newBuilder(uri(put.url())).PUT(HttpRequest.BodyPublishers.ofString("by url")).build());
    check("presigned PUT", new String(read("put by url")).equals("by url"));
  }

  void inC(URI endpoint, StaticCredentialsProvider keys) {
    byte[] big = "0123456789abcdef".repeat(12 << 16).getBytes();
    try (S3AsyncClient crt = S3AsyncClient.crtBuilder().endpointOverride(endpoint).region(Region.US_EAST_1).credentialsProvider(keys)
        .forcePathStyle(true).minimumPartSizeInBytes(5L << 20).thresholdInBytes(5L << 20).build()) {
      crt.putObject(to -> to.bucket(bucket).key("c//" + ODD_KEY), AsyncRequestBody.fromBytes(big)).join();
      check("upload of the client in C", Arrays.equals(read("c//" + ODD_KEY), big));
      var got = crt.getObject(from -> from.bucket(bucket).key("c//" + ODD_KEY), AsyncResponseTransformer.toBytes()).join();
      check("download of the client in C", Arrays.equals(got.asByteArray(), big));
    }
  }

  static HttpResponse<String> exchange(HttpRequest request) throws Exception {
    return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build().send(request, HttpResponse.BodyHandlers.ofString());
  }

  static URI uri(URL url) throws Exception {
    return url.toURI();
  }

  byte[] read(String key) {
    return s3.getObjectAsBytes(from -> from.bucket(bucket).key(key)).asByteArray();
  }

  static RequestBody body(String text) {
    return RequestBody.fromString(text);
  }

  static InputStream once(byte[] bytes) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }

  /** The code that S3 answered; the status where an answer has no body. */
  static String codeOf(Runnable work) {
    try {
      work.run();
      return "success";
    } catch (AwsServiceException error) {
      String code = error.awsErrorDetails().errorCode();
      return code == null || code.isEmpty() ? String.valueOf(error.statusCode()) : code;
    } catch (SdkException error) {
      return error.toString();
    }
  }

  static void check(String what, boolean holds) {
    if (!holds) System.out.println(what);
  }
}
