import sys, os, time, multiprocessing, json, http.client, threading, resource
import hostile, servers
from servers import KEY, Antiphon, Mock
name=[n for n in hostile.CLIENTS if sys.argv[1] in n][0]
most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
os.environ["ANTIPHON_JAVA_OPTIONS"]="-Xmx512m "+os.environ.get("MORE","")
def good(port,end,out,begin):
    body=json.dumps({"model":"mock-t20-d0","input":"hello"}); h={"authorization":"Bearer "+KEY,"content-type":"application/json"}
    lat=[]; line=None; due=time.time()
    while due<end:
        time.sleep(max(0,due-time.time()))
        try:
            line=line or http.client.HTTPConnection("127.0.0.1",port,timeout=30)
            line.request("POST","/v1/responses",body,h); a=line.getresponse(); a.read(); st=a.status
        except Exception as e: st=type(e).__name__; line=None
        lat.append((due-begin,(time.time()-due)*1000,st)); due+=0.05
    out.put(lat)
mock=Mock(); s=Antiphon("mendtl",mock)
def run(seconds,bad):
    out=multiprocessing.Queue(); begin=time.time(); end=begin+seconds
    ps=[]
    if bad: p=multiprocessing.Process(target=hostile.run,args=(name,s.port,end-.5,KEY,1.0)); p.start(); ps.append(p)
    c=multiprocessing.Process(target=good,args=(s.port,end,out,begin)); c.start()
    cpu=[];last=servers.cpu_seconds(s.pid); lp=servers.cpu_seconds(ps[0].pid) if ps else 0
    t=begin
    while time.time()<end:
        time.sleep(.5); now=servers.cpu_seconds(s.pid); n2=servers.cpu_seconds(ps[0].pid) if ps else 0
        cpu.append((round(time.time()-begin,1),round(now-last,2),round(n2-lp,2))); last=now; lp=n2
    lat=out.get(timeout=100); c.join(); [p.join(20) for p in ps]
    l=sorted(x[1] for x in lat)
    print("bad" if bad else "none","load",os.getloadavg()[0],"p50",round(l[len(l)//2],1),"p99",round(l[int(len(l)*.99)],1),"max",round(l[-1],1), [x for x in lat if x[2]!=200][:5])
    if bad:
        print("slow:",[(round(t,1),round(m)) for t,m,_ in lat if m>100])
        print("cpu:",cpu)
try:
    run(6,False); run(6,False); run(12,True); run(12,True)
finally:
    s.stop(); mock.stop()
