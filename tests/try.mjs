import { createServer } from 'node:http'
import { gzipSync, gzip } from 'node:zlib'
import { compose, respond } from '@outerware/core'
import { fromNode, toNode } from '@outerware/core/node'
import { compression } from '@outerware/compression'
import { securityHeaders } from '@outerware/security-headers'
import express from 'express'
import npmCompression from 'compression'
const rows=[];for(let i=0;rows.join(',').length<2000;i++)rows.push(JSON.stringify({id:i,name:'user'+i*7919%1000,email:`u${i*31}@example.org`,active:i%3===0}))
const body='['+rows.join(',')+']'
const H={headers:{'content-type':'application/json'}}
const ex=(mw)=>{const a=express();a.disable('x-powered-by');if(mw)a.use(mw);a.get('/',(q,r)=>{r.type('json').send(body)});return a}
const modes={
 bare:()=>(req,res)=>{const b=gzipSync(body);res.writeHead(200,{'content-type':'application/json','content-encoding':'gzip',vary:'accept-encoding','content-length':b.length});res.end(b)},
 plain:()=>toNode(()=>respond(body,H)),
 light:()=>toNode(compression()(()=>respond(body,H))),
 sec:()=>toNode(compose(securityHeaders(),compression())(()=>respond(body,H))),
 native:()=>toNode(compression()(()=>new Response(body,H))),
 nativeplain:()=>toNode(()=>new Response(body,H)),
 stream:()=>toNode(compression({syncThreshold:0})(()=>respond(body,H))),
 express:()=>ex(),
 expressours:()=>toNode(compression()(fromNode(ex()))),
 expressnpm:()=>ex(npmCompression()),
 png:()=>toNode(compression()(()=>respond(body,{headers:{'content-type':'image/png'}}))),
 pngplain:()=>toNode(()=>respond(body,{headers:{'content-type':'image/png'}})),
}
createServer(modes[process.argv[2]]()).listen(0,'127.0.0.1',function(){console.log(this.address().port)})
