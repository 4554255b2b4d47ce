// What aws-sdk-go-v2 does with an S3: each line that is printed is a behaviour that failed.
// Arguments: endpoint, access key, secret key, and "any-signature" where the S3 verifies none. Over TLS the SDK sends the checksum of a
// stream behind it, unsigned; over HTTP it refuses streams.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/s3/transfermanager"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"
)

const oddKey = "a b+c/é=1%&?#/x.log.gz"

var (
	ctx    = context.Background()
	bucket *string
)

type session struct{ *s3.Client }

func main() {
	endpoint, accessKey, secretKey := os.Args[1], os.Args[2], os.Args[3]
	// Each session has one of its own.
	bucket = aws.String("go-" + strings.Split(endpoint, ":")[0])
	client := session{connect(endpoint, accessKey, secretKey)}
	must(client.CreateBucket(ctx, &s3.CreateBucketInput{Bucket: bucket}))
	client.checksums()
	client.streams(strings.HasPrefix(endpoint, "https:"))
	client.conditions()
	client.parts()
	client.listings()
	client.versions()
	client.notifications()
	client.presigned()
	wrong := connect(endpoint, accessKey, "x")
	_, err := wrong.ListBuckets(ctx, &s3.ListBucketsInput{})
	check("wrong key", code(err) == "SignatureDoesNotMatch" || len(os.Args) > 4 && os.Args[4] == "any-signature")
	fmt.Println("done")
}

func connect(endpoint, accessKey, secretKey string) *s3.Client {
	return s3.New(s3.Options{
		BaseEndpoint: &endpoint, Region: "us-east-1", UsePathStyle: true,
		Credentials: credentials.NewStaticCredentialsProvider(accessKey, secretKey, ""),
		// It warns of each answer that it cannot validate.
		DisableLogOutputChecksumValidationSkipped: true,
	})
}

func (s session) checksums() {
	algorithms := []types.ChecksumAlgorithm{"CRC32", "CRC32C", "CRC64NVME", "SHA1", "SHA256"}
	for _, algorithm := range algorithms {
		put := must(s.PutObject(ctx, &s3.PutObjectInput{
			Bucket: bucket, Key: aws.String(oddKey), Body: strings.NewReader("123456789"),
			ChecksumAlgorithm: algorithm, Metadata: map[string]string{"owner": "rig"},
		}))
		sent := []*string{put.ChecksumCRC32, put.ChecksumCRC32C, put.ChecksumCRC64NVME, put.ChecksumSHA1, put.ChecksumSHA256}
		got := must(s.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String(oddKey), ChecksumMode: "ENABLED"}))
		kept := []*string{got.ChecksumCRC32, got.ChecksumCRC32C, got.ChecksumCRC64NVME, got.ChecksumSHA1, got.ChecksumSHA256}
		// The SDK compares the bytes with it, and fails the read where they differ.
		check("bytes of "+string(algorithm), text(got) == "123456789" && got.Metadata["owner"] == "rig")
		at := slices.Index(algorithms, algorithm)
		check("checksum "+string(algorithm), sent[at] != nil && kept[at] != nil && *sent[at] == *kept[at])
	}
	_, err := s.PutObject(ctx, &s3.PutObjectInput{
		Bucket: bucket, Key: aws.String("wrong"), Body: strings.NewReader("x"), ChecksumCRC32: aws.String("AAAAAA=="),
	})
	check("wrong checksum", code(err) == "BadDigest")
}

// A body that cannot be read twice: of unknown length too.
func (s session) streams(tls bool) {
	body := strings.Repeat("x", 200_000)
	_, err := s.PutObject(ctx, &s3.PutObjectInput{
		Bucket: bucket, Key: aws.String("stream"), Body: io.MultiReader(strings.NewReader(body)),
		ContentLength: aws.Int64(int64(len(body))), ContentEncoding: aws.String("gzip"), ChecksumAlgorithm: "CRC32C",
	})
	if !tls {
		check("stream without TLS", err != nil && strings.Contains(err.Error(), "unseekable stream is not supported"))
		return
	}
	check(fmt.Sprint("stream: ", err), err == nil)
	got := must(s.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("stream"), ChecksumMode: "ENABLED"}))
	check("what was streamed", text(got) == body && *got.ContentEncoding == "gzip" && got.ChecksumCRC32C != nil)
}

func (s session) conditions() {
	key := aws.String("once")
	put := func(more func(*s3.PutObjectInput)) error {
		input := &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("123456789")}
		more(input)
		_, err := s.PutObject(ctx, input)
		return err
	}
	onlyNew := func(input *s3.PutObjectInput) { input.IfNoneMatch = aws.String("*") }
	check("first write", put(onlyNew) == nil)
	check("second write", code(put(onlyNew)) == "PreconditionFailed")
	check("write over another", code(put(func(input *s3.PutObjectInput) { input.IfMatch = aws.String(`"0"`) })) == "PreconditionFailed")
	get := func(more func(*s3.GetObjectInput)) (*s3.GetObjectOutput, error) {
		input := &s3.GetObjectInput{Bucket: bucket, Key: key}
		more(input)
		return s.GetObject(ctx, input)
	}
	got := must(get(func(input *s3.GetObjectInput) { input.Range = aws.String("bytes=-3") }))
	check("range", text(got) == "789" && *got.ContentRange == "bytes 6-8/9")
	_, err := get(func(input *s3.GetObjectInput) { input.IfNoneMatch = got.ETag })
	check("not modified", code(err) == "NotModified")
	_, err = get(func(input *s3.GetObjectInput) { input.Key = aws.String("nothing") })
	var noSuchKey *types.NoSuchKey
	check("no such key", errors.As(err, &noSuchKey))
	_, err = s.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("nothing")})
	check("head of nothing", code(err) == "NotFound")
	copied := must(s.CopyObject(ctx, &s3.CopyObjectInput{Bucket: bucket, Key: aws.String("copy"), CopySource: aws.String(*bucket + "/once")}))
	check("copy", *copied.CopyObjectResult.ETag == *got.ETag)
}

func (s session) parts() {
	big := bytes.Repeat([]byte("0123456789abcdef"), 12<<16)
	manager := transfermanager.New(s.Client, func(o *transfermanager.Options) {
		o.PartSizeBytes, o.MultipartUploadThreshold = 5<<20, 5<<20
	})
	// A reader of unknown length, as a pipe from gzip is.
	_, err := manager.UploadObject(ctx, &transfermanager.UploadObjectInput{
		Bucket: bucket, Key: aws.String("big"), Body: io.MultiReader(bytes.NewReader(big)),
	})
	check(fmt.Sprint("upload in parts ", err), err == nil)
	head := must(s.HeadObject(ctx, &s3.HeadObjectInput{Bucket: bucket, Key: aws.String("big"), ChecksumMode: "ENABLED"}))
	check("multipart ETag", strings.HasSuffix(*head.ETag, `-3"`) && *head.ContentLength == int64(len(big)))
	got, err := manager.GetObject(ctx, &transfermanager.GetObjectInput{Bucket: bucket, Key: aws.String("big")})
	check(fmt.Sprint("download in parts ", err), err == nil)
	digest := sha256.New()
	_, err = io.Copy(digest, got.Body)
	check("multipart bytes", err == nil && string(digest.Sum(nil)) == string(sum(big)))
	left := must(s.CreateMultipartUpload(ctx, &s3.CreateMultipartUploadInput{Bucket: bucket, Key: aws.String("left")}))
	must(s.AbortMultipartUpload(ctx, &s3.AbortMultipartUploadInput{Bucket: bucket, Key: aws.String("left"), UploadId: left.UploadId}))
	uploads := must(s.ListMultipartUploads(ctx, &s3.ListMultipartUploadsInput{Bucket: bucket}))
	check("no upload is left", len(uploads.Uploads) == 0)
}

func (s session) listings() {
	var keys []string
	for _, name := range []string{"B", "a", "é", "~", "豈", "😀", "a b", "a+b", "a%2Fb", "a&<b>", "a//b", "\t"} {
		keys = append(keys, "list/"+name)
		must(s.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("list/" + name), Body: strings.NewReader("")}))
	}
	var listed []string
	pages := s3.NewListObjectsV2Paginator(s, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: aws.String("list/"), MaxKeys: aws.Int32(3)})
	for pages.HasMorePages() {
		for _, object := range must(pages.NextPage(ctx)).Contents {
			listed = append(listed, *object.Key)
		}
	}
	slices.Sort(keys)
	check("list", slices.Equal(listed, keys))
	folders := must(s.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: aws.String("list/"), Delimiter: aws.String("/")}))
	check("common prefixes", len(folders.CommonPrefixes) == 1 && *folders.CommonPrefixes[0].Prefix == "list/a/")
	var doomed []types.ObjectIdentifier
	for _, key := range keys {
		doomed = append(doomed, types.ObjectIdentifier{Key: aws.String(key)})
	}
	gone := must(s.DeleteObjects(ctx, &s3.DeleteObjectsInput{Bucket: bucket, Delete: &types.Delete{Objects: doomed}}))
	after := must(s.ListObjectsV2(ctx, &s3.ListObjectsV2Input{Bucket: bucket, Prefix: aws.String("list/")}))
	check("delete many", len(gone.Deleted) == len(keys) && *after.KeyCount == 0)
}

func (s session) versions() {
	must(s.PutBucketVersioning(ctx, &s3.PutBucketVersioningInput{
		Bucket: bucket, VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"},
	}))
	key := aws.String("versions")
	one := must(s.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("one")}))
	must(s.PutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: key, Body: strings.NewReader("two")}))
	marker := must(s.DeleteObject(ctx, &s3.DeleteObjectInput{Bucket: bucket, Key: key}))
	check("delete marker", *marker.DeleteMarker)
	check("old version", text(must(s.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: key, VersionId: one.VersionId}))) == "one")
	all := must(s.ListObjectVersions(ctx, &s3.ListObjectVersionsInput{Bucket: bucket, Prefix: key}))
	check("versions", len(all.Versions) == 2 && len(all.DeleteMarkers) == 1)
}

func (s session) notifications() {
	rule := types.QueueConfiguration{
		QueueArn: aws.String("arn:aws:sqs:us-east-1:123456789012:flow-logs"), Events: []types.Event{"s3:ObjectCreated:*"},
		Filter: &types.NotificationConfigurationFilter{Key: &types.S3KeyFilter{FilterRules: []types.FilterRule{
			{Name: "suffix", Value: aws.String(".log.gz")},
		}}},
	}
	must(s.PutBucketNotificationConfiguration(ctx, &s3.PutBucketNotificationConfigurationInput{
		Bucket: bucket, SkipDestinationValidation: aws.Bool(true),
		NotificationConfiguration: &types.NotificationConfiguration{QueueConfigurations: []types.QueueConfiguration{rule}},
	}))
	kept := must(s.GetBucketNotificationConfiguration(ctx, &s3.GetBucketNotificationConfigurationInput{Bucket: bucket}))
	check("notification", len(kept.QueueConfigurations) == 1 && *kept.QueueConfigurations[0].QueueArn == *rule.QueueArn &&
		*kept.QueueConfigurations[0].Filter.Key.FilterRules[0].Value == ".log.gz")
}

func (s session) presigned() {
	signer := s3.NewPresignClient(s.Client)
	get := must(signer.PresignGetObject(ctx, &s3.GetObjectInput{
		Bucket: bucket, Key: aws.String(oddKey), ResponseContentType: aws.String("text/x"),
	}))
	answer := must(http.Get(get.URL))
	body := must(io.ReadAll(answer.Body))
	check("presigned GET", string(body) == "123456789" && answer.Header.Get("content-type") == "text/x")
	put := must(signer.PresignPutObject(ctx, &s3.PutObjectInput{Bucket: bucket, Key: aws.String("put by url")}))
	request := must(http.NewRequest("PUT", put.URL, strings.NewReader("by url")))
	check("presigned PUT", must(http.DefaultClient.Do(request)).StatusCode == 200)
	check("what was put by URL", text(must(s.GetObject(ctx, &s3.GetObjectInput{Bucket: bucket, Key: aws.String("put by url")}))) == "by url")
}

func check(what string, holds bool) {
	if !holds {
		fmt.Println(what)
	}
}

// The first error that nothing expects ends the program.
func must[T any](value T, err error) T {
	if err != nil {
		panic(err)
	}
	return value
}

func code(err error) string {
	var known smithy.APIError
	if errors.As(err, &known) {
		return known.ErrorCode()
	}
	return fmt.Sprint(err)
}

func text(got *s3.GetObjectOutput) string { return string(must(io.ReadAll(got.Body))) }

func sum(data []byte) []byte {
	digest := sha256.Sum256(data)
	return digest[:]
}
