// Forwards flow logs as a custom runtime in Go, from the standard library alone. A line is in memory at a time, and a batch.
package main

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"
	"time"
)

const batchRecords = 1000
const attempts = 6

type event struct {
	Records []struct {
		S3 struct {
			Bucket struct{ Name string }
			Object struct{ Key string }
		}
	}
}

func main() {
	api := "http://" + os.Getenv("AWS_LAMBDA_RUNTIME_API") + "/2018-06-01/runtime/invocation/"
	for {
		next, err := http.Get(api + "next")
		if err != nil {
			os.Exit(1)
		}
		var received event
		err = json.NewDecoder(next.Body).Decode(&received)
		next.Body.Close()
		if err == nil {
			err = forwardAll(received)
		}
		path, answer := "/response", []byte(`"done"`)
		if err != nil {
			path = "/error"
			answer, _ = json.Marshal(map[string]string{"errorType": "Forwarder.Failed", "errorMessage": err.Error()})
		}
		told, err := http.Post(api+next.Header.Get("Lambda-Runtime-Aws-Request-Id")+path, "application/json", bytes.NewReader(answer))
		if err == nil {
			told.Body.Close()
		}
	}
}

func forwardAll(received event) error {
	for _, record := range received.Records {
		key, err := url.QueryUnescape(record.S3.Object.Key)
		if err == nil {
			err = forward(record.S3.Bucket.Name, key)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func forward(bucket, key string) error {
	object, err := get(bucket, key)
	if err != nil {
		return err
	}
	defer object.Close()
	text, err := gzip.NewReader(object)
	if err != nil {
		return err
	}
	var names []string
	var batch []map[string]string
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		values := strings.Fields(lines.Text())
		if names == nil {
			names = values
			continue
		}
		if len(values) != len(names) {
			continue
		}
		record := make(map[string]string, len(names))
		for i, name := range names {
			record[name] = values[i]
		}
		if batch = append(batch, record); len(batch) == batchRecords {
			if err := post(batch); err != nil {
				return err
			}
			batch = batch[:0]
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	if len(batch) == 0 {
		return nil
	}
	return post(batch)
}

// get signs its request by AWS Signature Version 4, the body unsigned.
func get(bucket, key string) (io.ReadCloser, error) {
	path := (&url.URL{Path: "/" + bucket + "/" + key}).EscapedPath()
	path = strings.NewReplacer("=", "%3D", "+", "%2B", ":", "%3A", "@", "%40", "&", "%26", "$", "%24").Replace(path)
	request, err := http.NewRequest("GET", os.Getenv("AWS_ENDPOINT_URL_S3")+path, nil)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC().Format("20060102T150405Z")
	scope := now[:8] + "/" + os.Getenv("AWS_REGION") + "/s3/aws4_request"
	const names = "host;x-amz-content-sha256;x-amz-date;x-amz-security-token"
	token := os.Getenv("AWS_SESSION_TOKEN")
	canonical := fmt.Sprintf("GET\n%s\n\nhost:%s\nx-amz-content-sha256:UNSIGNED-PAYLOAD\nx-amz-date:%s\nx-amz-security-token:%s\n\n%s\nUNSIGNED-PAYLOAD",
		path, request.URL.Host, now, token, names)
	hash := sha256.Sum256([]byte(canonical))
	signingKey := []byte("AWS4" + os.Getenv("AWS_SECRET_ACCESS_KEY"))
	for _, part := range strings.Split(scope, "/") {
		signingKey = sign(signingKey, part)
	}
	signature := sign(signingKey, "AWS4-HMAC-SHA256\n"+now+"\n"+scope+"\n"+hex.EncodeToString(hash[:]))
	request.Header.Set("X-Amz-Content-Sha256", "UNSIGNED-PAYLOAD")
	request.Header.Set("X-Amz-Date", now)
	request.Header.Set("X-Amz-Security-Token", token)
	request.Header.Set("Authorization", fmt.Sprintf("AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%x",
		os.Getenv("AWS_ACCESS_KEY_ID"), scope, names, signature))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	if response.StatusCode != http.StatusOK {
		response.Body.Close()
		return nil, fmt.Errorf("S3 answered %d for %s", response.StatusCode, key)
	}
	return response.Body, nil
}

func sign(key []byte, text string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(text))
	return mac.Sum(nil)
}

func post(batch []map[string]string) error {
	body, err := json.Marshal(batch)
	if err != nil {
		return err
	}
	for attempt := 1; ; attempt++ {
		status, wait, err := postOnce(body)
		switch {
		case err == nil && status < 300:
			return nil
		case err == nil && status < 500 && status != 429:
			return fmt.Errorf("SigNoz refused a batch: %d", status)
		case attempt == attempts:
			return fmt.Errorf("SigNoz took no batch in %d attempts: %d %v", attempts, status, err)
		}
		time.Sleep(max(wait, 100*time.Millisecond<<attempt))
	}
}

func postOnce(body []byte) (int, time.Duration, error) {
	request, err := http.NewRequest("POST", os.Getenv("SIGNOZ_JSON_URL"), bytes.NewReader(body))
	if err != nil {
		return 0, 0, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("signoz-ingestion-key", os.Getenv("SIGNOZ_KEY"))
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return 0, 0, err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After"))
	return response.StatusCode, time.Duration(seconds) * time.Second, err
}
